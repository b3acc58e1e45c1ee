package org.apd4j.notebook.jupyter;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.annotations.SerializedName;
import io.github.spencerpark.jupyter.channels.JupyterConnection;
import io.github.spencerpark.jupyter.channels.JupyterSocket;
import io.github.spencerpark.jupyter.channels.ShellChannel;
import io.github.spencerpark.jupyter.channels.ShellHandler;
import io.github.spencerpark.jupyter.channels.ShellReplyEnvironment;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.messages.Message;
import io.github.spencerpark.jupyter.messages.MessageType;
import io.github.spencerpark.jupyter.messages.publish.PublishError;
import io.github.spencerpark.jupyter.messages.publish.PublishExecuteInput;
import io.github.spencerpark.jupyter.messages.publish.PublishExecuteResult;
import io.github.spencerpark.jupyter.messages.publish.PublishStream.StreamType;
import io.github.spencerpark.jupyter.messages.reply.ErrorReply;
import io.github.spencerpark.jupyter.messages.reply.ExecuteReply;
import io.github.spencerpark.jupyter.messages.request.ExecuteRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.zeromq.ZMQ;

/** The handler of requests to run a cell, following Jupyter's protocol. Requests that wait behind a failed cell are aborted. */
final class ExecuteHandler implements ShellHandler<ExecuteRequest> {

    /** The time without a request after which no more are expected; "Run All" sends its requests one by one. */
    private static final long QUIET_MILLIS = 100;

    private static final Gson JSON = new Gson();

    private final ApdKernel kernel;
    private final JupyterConnection connection;
    private final CellIO io;
    private final AtomicInteger count;
    private boolean aborting;

    ExecuteHandler(ApdKernel kernel, JupyterConnection connection, CellIO io, AtomicInteger count) {
        this.kernel = kernel;
        this.connection = connection;
        this.io = io;
        this.count = count;
    }

    @Override
    public void handle(ShellReplyEnvironment cell, Message<ExecuteRequest> message) {
        kernel.getCommManager().setMessageContext(message);
        cell.setBusyDeferIdle();
        if (aborting) {
            reply(cell, new AbortedReply());
            return;
        }
        ExecuteRequest request = message.getContent();
        boolean counted = request.shouldStoreHistory() && !request.isSilent();
        int number = counted ? count.getAndIncrement() : count.get();
        if (!request.isSilent()) {
            cell.publish(new PublishExecuteInput(request.getCode(), number));
        }
        io.begin((CellEnvironment) cell, request.isStdinEnabled());
        kernel.next(number);
        kernel.userCode().begin();
        @Nullable Exception failure = run(cell, request, number);
        kernel.userCode().end();
        if (failure == null) {
            reply(cell, new OkReply(number, values(request.getUserExpr())));
            return;
        }
        PublishError error = error(failure);
        if (!request.isSilent()) {
            cell.publish(error);
        }
        List<Message<?>> waiting = !request.isSilent() && request.shouldStopOnError() ? waiting(cell.getShell()) : List.of();
        var reply = new ErrorReply(error.getErrorName(), error.getErrorMessage(), error.getStacktrace());
        reply.setExecutionCount(number);
        cell.replyError(ExecuteReply.MESSAGE_TYPE.error(), reply);
        cell.resolveDeferrals();
        abort(cell.getShell(), waiting);
    }

    /** Runs a cell and returns the exception that ended it, or null. */
    private @Nullable Exception run(ShellReplyEnvironment cell, ExecuteRequest request, int number) {
        @Nullable Exception failure = null;
        kernel.errors().begin(number, request.getCode());
        try {
            @Nullable DisplayData shown = kernel.shown(kernel.evalRaw(request.getCode()));
            if (shown != null && !request.isSilent()) {
                cell.publish(new PublishExecuteResult(number, shown));
            }
        } catch (Exception e) {
            failure = e;
        } catch (Throwable e) { // rendering a value or compiling a cell may throw an Error, too
            failure = new CellException(e.getClass().getName(), String.valueOf(e), e);
        }
        String lost = kernel.lostVariables();
        if (!lost.isEmpty()) {
            io.write(StreamType.ERR, lost + "\n");
        }
        return failure;
    }

    private PublishError error(Exception failure) {
        Failure shown = kernel.errors().failure(failure);
        return new PublishError(shown.name(), shown.message(), shown.lines());
    }

    private Map<String, JsonElement> values(@Nullable Map<String, String> expressions) {
        var values = new LinkedHashMap<String, JsonElement>();
        if (expressions != null) {
            expressions.forEach((name, code) -> values.put(name, value(code)));
        }
        return values;
    }

    private JsonElement value(String code) {
        try {
            JsonObject value = JSON.toJsonTree(DisplayData.emptyIfNull(kernel.eval(code))).getAsJsonObject();
            value.addProperty("status", "ok");
            if (!value.has("metadata")) {
                value.add("metadata", new JsonObject());
            }
            return value;
        } catch (Exception e) {
            PublishError error = error(e);
            return JSON.toJsonTree(Map.of("status", "error", "ename", error.getErrorName(), "evalue", error.getErrorMessage(),
                    "traceback", error.getStacktrace()));
        }
    }

    /** Returns the requests that are waiting when a cell has failed. */
    private static List<Message<?>> waiting(JupyterSocket shell) {
        var waiting = new ArrayList<Message<?>>();
        long quietSince = System.nanoTime();
        while (System.nanoTime() - quietSince < QUIET_MILLIS * 1_000_000) {
            if ((shell.getEvents() & ZMQ.Poller.POLLIN) != 0) {
                try {
                    waiting.add(shell.readMessage());
                } catch (RuntimeException e) {
                    // a message that cannot be read gets no answer
                }
                quietSince = System.nanoTime();
            } else {
                java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
            }
        }
        return waiting;
    }

    private void abort(JupyterSocket shell, List<Message<?>> waiting) {
        aborting = true;
        try {
            waiting.forEach(message -> answer(shell, message));
        } finally {
            aborting = false;
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // handlers are registered by the type of their messages
    private void answer(JupyterSocket shell, Message<?> message) {
        @Nullable ShellHandler handler = connection.getHandler(message.getHeader().getType());
        if (handler == null) {
            return;
        }
        ShellReplyEnvironment environment = connection.prepareReplyEnv((ShellChannel) shell, message);
        try {
            handler.handle(environment, message);
        } finally {
            environment.resolveDeferrals();
        }
        if (environment.isMarkedForShutdown()) {
            connection.close();
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // IJava has only one class of reply per type of message
    private static void reply(ShellReplyEnvironment cell, Object reply) {
        cell.reply(new Message(cell.getContext(), MessageType.EXECUTE_REPLY, reply));
    }

    /** The reply to a request that waited behind a failed cell. */
    private static final class AbortedReply {

        @SuppressWarnings("unused") // is serialized
        private final String status = "aborted";
    }

    /** The reply to a successful request; the names are those of the protocol. */
    @SuppressWarnings("unused") // is serialized
    private static final class OkReply {

        private final String status = "ok";
        @SerializedName("execution_count")
        private final int count;
        @SerializedName("user_expressions")
        private final Map<String, JsonElement> values;
        private final List<Object> payload = List.of();

        OkReply(int count, Map<String, JsonElement> values) {
            this.count = count;
            this.values = values;
        }
    }
}
