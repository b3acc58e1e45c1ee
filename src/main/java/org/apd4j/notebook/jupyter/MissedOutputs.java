package org.apd4j.notebook.jupyter;

import com.google.gson.JsonObject;
import io.github.spencerpark.jupyter.channels.ShellHandler;
import io.github.spencerpark.jupyter.channels.ShellReplyEnvironment;
import io.github.spencerpark.jupyter.messages.Message;
import io.github.spencerpark.jupyter.messages.comm.CommCloseCommand;
import io.github.spencerpark.jupyter.messages.comm.CommMsgCommand;
import io.github.spencerpark.jupyter.messages.comm.CommOpenCommand;
import org.jspecify.annotations.Nullable;

/**
 * The handler that answers pages which have missed outputs. Such a page opens a comm with the execution counts of its cells; it receives a message
 * for each cell that has run since, and then the comm is closed. The request is answered after the cells that were requested before it.
 */
final class MissedOutputs implements ShellHandler<CommOpenCommand> {

    /** The target name of the comm. */
    static final String TARGET = "apd4j-missed-outputs";

    private final ShellHandler<CommOpenCommand> others;
    private final Publisher publisher;
    private final ShownOutputs shown;

    /**
     * Creates a handler.
     *
     * @param others the handler of all other comms
     */
    MissedOutputs(ShellHandler<CommOpenCommand> others, Publisher publisher, ShownOutputs shown) {
        this.others = others;
        this.publisher = publisher;
        this.shown = shown;
    }

    @Override
    public void handle(ShellReplyEnvironment page, Message<CommOpenCommand> message) {
        CommOpenCommand question = message.getContent();
        if (!question.getTargetName().equals(TARGET)) {
            others.handle(page, message);
            return;
        }
        page.setBusyDeferIdle();
        publisher.flush(); // outputs are recorded when they are sent
        @Nullable JsonObject numbers = question.getData().getAsJsonObject("numbers");
        for (JsonObject missed : shown.missedBy(numbers == null ? new JsonObject() : numbers)) {
            page.publish(new CommMsgCommand(question.getCommID(), missed));
        }
        page.publish(new CommCloseCommand(question.getCommID(), new JsonObject()));
    }
}
