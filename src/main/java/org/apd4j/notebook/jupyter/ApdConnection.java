package org.apd4j.notebook.jupyter;

import io.github.spencerpark.jupyter.channels.JupyterConnection;
import io.github.spencerpark.jupyter.channels.ShellChannel;
import io.github.spencerpark.jupyter.channels.ShellReplyEnvironment;
import io.github.spencerpark.jupyter.kernel.KernelConnectionProperties;
import io.github.spencerpark.jupyter.messages.MessageContext;
import io.github.spencerpark.jupyter.messages.MessageType;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;

/** The connection to Jupyter. All publications go through the publisher, which keeps their order. */
final class ApdConnection extends JupyterConnection {

    private final Publisher publisher;
    private final ShownOutputs shown = new ShownOutputs();

    ApdConnection(KernelConnectionProperties properties, Publisher publisher) throws NoSuchAlgorithmException, InvalidKeyException {
        super(properties);
        this.publisher = publisher;
    }

    @Override
    public ShellReplyEnvironment prepareReplyEnv(ShellChannel shell, MessageContext context) {
        return new CellEnvironment(shell, stdin, iopub, context, publisher, shown);
    }

    /** Adds the handler that answers pages which have missed outputs. */
    void answerPagesThatMissedOutputs() {
        setHandler(MessageType.COMM_OPEN_COMMAND, new MissedOutputs(getHandler(MessageType.COMM_OPEN_COMMAND), publisher, shown));
    }

    @Override
    public void close() {
        publisher.flush();
        super.close();
    }
}
