package org.apd4j.notebook.jupyter;

import io.github.spencerpark.jupyter.channels.JupyterSocket;
import io.github.spencerpark.jupyter.channels.ShellChannel;
import io.github.spencerpark.jupyter.channels.ShellReplyEnvironment;
import io.github.spencerpark.jupyter.channels.StdinChannel;
import io.github.spencerpark.jupyter.messages.ContentType;
import io.github.spencerpark.jupyter.messages.Message;
import io.github.spencerpark.jupyter.messages.MessageContext;
import io.github.spencerpark.jupyter.messages.publish.PublishStream;
import io.github.spencerpark.jupyter.messages.publish.PublishStream.StreamType;
import io.github.spencerpark.jupyter.messages.reply.KernelInfoReply;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The destination of the messages of a request. Replies are sent at once, publications through the publisher. */
final class CellEnvironment extends ShellReplyEnvironment implements Publisher.Streams {

    /** The key of the cell's id in the metadata of JupyterLab's requests. Pages that did not send the request find the cell by it. */
    private static final String CELL = "cellId";

    private final Publisher publisher;
    private final ShownOutputs shown;
    private final @Nullable String cell;

    CellEnvironment(ShellChannel shell, StdinChannel stdin, JupyterSocket iopub, MessageContext context, Publisher publisher, ShownOutputs shown) {
        super(shell, stdin, iopub, context);
        this.publisher = publisher;
        this.shown = shown;
        cell = context instanceof Message<?> request && request.hasMetadata() && request.getMetadata().get(CELL) instanceof String id ? id : null;
    }

    @Override
    public void publish(Message<?> message) {
        publisher.send(() -> send(message));
    }

    /** Replies as IJava does, but adds the status to kernel information. */
    @Override
    public <T extends ContentType<T>> void reply(T content) {
        if (content instanceof KernelInfoReply info) {
            super.reply(new Message<>(getContext(), KernelInfoReply.MESSAGE_TYPE, new KernelInfo(info)));
        } else {
            super.reply(content);
        }
    }

    /** Sets the status as IJava does, but sends "idle" after all messages that wait to be sent. */
    @Override
    public void setBusyDeferIdle() {
        setStatusBusy();
        defer(this::setStatusIdle);
    }

    @Override
    public void text(StreamType type, String text) {
        send(new Message<>(getContext(), PublishStream.MESSAGE_TYPE, new PublishStream(type, text)));
    }

    private <T> void send(Message<T> message) {
        if (cell == null) {
            getIopub().sendMessage(message);
        } else {
            shown.record(cell, message.getContent());
            getIopub().sendMessage(new Message<>(message.getIdentities(), message.getHeader(), message.getParentHeader(), Map.of(CELL, cell),
                    message.getContent(), message.getBlobs()));
        }
    }
}
