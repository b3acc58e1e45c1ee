package org.apd4j.notebook.jupyter;

import io.github.spencerpark.jupyter.channels.JupyterConnection;
import io.github.spencerpark.jupyter.channels.ShellChannel;
import io.github.spencerpark.jupyter.channels.ShellReplyEnvironment;
import io.github.spencerpark.jupyter.kernel.KernelConnectionProperties;
import io.github.spencerpark.jupyter.messages.MessageContext;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;

/** The connection to Jupyter, with every publication sent by the publisher, in the order of its making. */
final class ApdConnection extends JupyterConnection {

    private final Publisher publisher;

    ApdConnection(KernelConnectionProperties properties, Publisher publisher) throws NoSuchAlgorithmException, InvalidKeyException {
        super(properties);
        this.publisher = publisher;
    }

    @Override
    public ShellReplyEnvironment prepareReplyEnv(ShellChannel shell, MessageContext context) {
        return new CellEnvironment(shell, stdin, iopub, context, publisher);
    }

    @Override
    public void close() {
        publisher.flush();
        super.close();
    }
}
