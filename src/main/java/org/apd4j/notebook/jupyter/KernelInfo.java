package org.apd4j.notebook.jupyter;

import io.github.spencerpark.jupyter.messages.reply.KernelInfoReply;

/** What the kernel says of itself, with the status that the protocol asks of every reply. */
final class KernelInfo extends KernelInfoReply {

    @SuppressWarnings("unused") // is what is sent
    private final String status = "ok";

    KernelInfo(KernelInfoReply info) {
        super(info.getProtocolVersion(), info.getImplementationName(), info.getImplementationVersion(), info.getLangInfo(),
                info.getBanner(), info.getHelpLinks());
    }
}
