package org.apd4j.notebook.jupyter;

import com.google.gson.JsonObject;
import io.github.spencerpark.jupyter.channels.ShellHandler;
import io.github.spencerpark.jupyter.channels.ShellReplyEnvironment;
import io.github.spencerpark.jupyter.messages.Message;
import io.github.spencerpark.jupyter.messages.comm.CommCloseCommand;
import io.github.spencerpark.jupyter.messages.comm.CommMsgCommand;
import io.github.spencerpark.jupyter.messages.comm.CommOpenCommand;

/**
 * Answers pages that ask what they have missed: a page opens a comm with the numbers of its cells, gets a message for each cell that ran
 * meanwhile, and the comm's end. The question waits for the cells that were asked for before it.
 */
final class MissedOutputs implements ShellHandler<CommOpenCommand> {

    static final String TARGET = "apd4j-missed-outputs";

    private final ShellHandler<CommOpenCommand> others;
    private final Publisher publisher;
    private final ShownOutputs shown;

    /** @param others answers all other comms */
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
        publisher.flush(); // what cells have shown is noted when it is sent
        JsonObject numbers = question.getData().getAsJsonObject("numbers");
        for (JsonObject missed : shown.missedBy(numbers == null ? new JsonObject() : numbers)) {
            page.publish(new CommMsgCommand(question.getCommID(), missed));
        }
        page.publish(new CommCloseCommand(question.getCommID(), new JsonObject()));
    }
}
