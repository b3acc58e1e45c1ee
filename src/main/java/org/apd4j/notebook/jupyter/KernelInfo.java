package org.apd4j.notebook.jupyter;

import io.github.spencerpark.jupyter.messages.reply.KernelInfoReply;

/** The reply to a request for kernel information, with the status that the protocol requires of every reply. */
final class KernelInfo extends KernelInfoReply {

    @SuppressWarnings("unused") // is serialized
    private final String status = "ok";

    KernelInfo(KernelInfoReply info) {
        super(info.getProtocolVersion(), info.getImplementationName(), info.getImplementationVersion(), info.getLangInfo(),
                info.getBanner(), info.getHelpLinks());
    }
}
