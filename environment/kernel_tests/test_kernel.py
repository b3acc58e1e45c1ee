"""Tests of the kernel through Jupyter's protocol: stopping cells, outputs, replies to requests."""

from __future__ import annotations

import json
import unittest

from kernels import JAVAS, WithKernels, start


class StopTest(WithKernels):

    def test_loops_and_waits_of_cells_can_be_stopped(self):
        for kernel in self.each():
            for code in ("for (;;) { }", "while (true) { try { Thread.sleep(5); } catch (Throwable e) { } }",
                         "for (;;) { try { for (;;) { } } catch (Throwable e) { } }",
                         "class Endless { static void run() { do { } while (true); } }\nEndless.run();",
                         "Runnable endless = () -> { for (;;) { } }; endless.run();",
                         "int fib(int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); } fib(70)",
                         "IntStream.range(0, 8).parallel().forEach(i -> { for (;;) { } });",
                         "class Slow { public String toString() { for (;;) { } } }\nnew Slow()"):
                with self.subTest(code=code):
                    identity = kernel.send("System.out.println(\"begun\");\n" + code)
                    kernel.wait(identity, until=lambda cell: "begun" in cell.out)
                    kernel.interrupt()
                    cell = kernel.wait(identity)
                    self.assertEqual("error", cell.status)
                    self.assertIn("Interrupted", cell.error)
                    self.assertEqual("2", kernel.run("1 + 1").value)

    def test_code_that_cannot_be_stopped_is_reported_as_still_running(self):
        for kernel in self.each():
            identity = kernel.send("{ System.out.println(\"begun\"); new java.math.BigInteger(\"7\").pow(60_000_000).toString(); }")
            kernel.wait(identity, until=lambda cell: "begun" in cell.out)
            kernel.interrupt()
            kernel.interrupt()
            self.assertIn("continues in the background; restart the kernel", kernel.wait(identity).error)
            self.assertEqual("2", kernel.run("1 + 1").value)

    def test_a_stop_while_a_figure_is_drawn_ends_the_cell(self):
        for kernel in self.each():
            self.ok(kernel.run("var names = IntStream.range(0, 1000).mapToObj(i -> \"n\" + i).toList();\n"
                               "var large = HeatMap.of(\"t\", \"r\", names, \"c\", names, \"v\", Scale.LINEAR, new double[1000][1000]);"))
            identity = kernel.send("System.out.println(\"begun\");\nlarge")
            kernel.wait(identity, until=lambda cell: "begun" in cell.out)
            kernel.interrupt()
            self.assertIn("Interrupted", kernel.wait(identity).error)
            self.assertEqual("2", kernel.run("1 + 1").value)

    def test_a_stop_during_the_start_leaves_the_imports(self):
        for java in JAVAS:
            kernel = start(java)
            self.addCleanup(kernel.close)
            identity = kernel.send("System.out.println(Apd.class);")
            kernel.interrupt()
            kernel.wait(identity)
            self.assertEqual("0", self.ok(kernel.run("IntStream.range(0, 0).count()")).value)


class TimeLimitTest(WithKernels):

    variables = {"IJAVA_TIMEOUT": "20 seconds"}

    def test_cell_that_takes_too_long_is_stopped_and_the_next_one_runs(self):
        for kernel in self.each():
            self.assertIn("Timeout", kernel.run("int turns = 0; while (true) { turns++; }").error)
            self.assertEqual("2", kernel.run("1 + 1").value)
            self.assertEqual("true", kernel.run("int before = turns; Thread.sleep(300); before == turns").value)

    def test_training_that_takes_too_long_stops_and_can_be_continued(self):
        for kernel in self.each():
            self.ok(kernel.run("var experiment = TmsExperiment.fiveToTwo(Profile.PAPER); var target = experiment.target(0);"))
            self.ok(kernel.run("var apd = Apd.decompose(target, experiment.decompose(target).config().with(c -> c.steps = 10_000_000));"))
            self.assertIn("Timeout", kernel.run("apd.train();").error)
            self.assertEqual("false", kernel.run("apd.isTraining()").value)
            self.assertEqual("true", kernel.run("int reached = apd.step(); Thread.sleep(300); reached > 0 && reached == apd.step()").value)
            self.assertEqual("10", kernel.run("apd.train(10); apd.step() - reached").value)


class ProtocolTest(WithKernels):

    def test_an_error_ends_run_all(self):
        for kernel in self.each():
            asked = [kernel.send(code) for code in ("System.out.println(1);", "throw new IllegalStateException(\"no\");",
                                                    "System.out.println(3);", "System.out.println(4);")]
            cells = [kernel.wait(identity) for identity in asked]
            self.assertEqual(["ok", "error", "aborted", "aborted"], [cell.status for cell in cells])
            self.assertEqual(["1\n", "", "", ""], [cell.out for cell in cells])
            self.assertEqual("IllegalStateException", cells[1].reply["content"]["ename"])
            self.assertEqual("2", kernel.run("1 + 1").value)

    def test_a_stop_ends_run_all(self):
        for kernel in self.each():
            first = kernel.send("System.out.println(\"begun\"); Thread.sleep(600_000);")
            second = kernel.send("System.out.println(2);")
            kernel.wait(first, until=lambda cell: "begun" in cell.out)
            kernel.interrupt()
            self.assertEqual(["error", "aborted"], [kernel.wait(first).status, kernel.wait(second).status])

    def test_an_error_that_is_allowed_ends_nothing(self):
        for kernel in self.each():
            asked = [kernel.send(code, stop_on_error=False) for code in ("throw new RuntimeException();", "1 + 1")]
            self.assertEqual(["error", "ok"], [kernel.wait(identity).status for identity in asked])

    def test_silent_cells_show_nothing_and_are_not_counted(self):
        for kernel in self.each():
            before = kernel.run("1").reply["content"]["execution_count"]
            silent = kernel.run("1 + 1", silent=True)
            self.assertEqual(([], []), (silent.of("execute_input"), silent.of("execute_result")))
            self.assertEqual("2", kernel.run("1 + 1", store_history=False).value)
            self.assertEqual(before + 1, kernel.run("2").reply["content"]["execution_count"])

    def test_user_expressions_have_values_or_errors(self):
        for kernel in self.each():
            found = kernel.run("int u = 4;", user_expressions={"a": "u + 1", "b": "nowhere"}).reply["content"]["user_expressions"]
            self.assertEqual(("ok", "5", "error"), (found["a"]["status"], found["a"]["data"]["text/plain"], found["b"]["status"]))

    def test_a_hundred_thousand_lines_arrive_in_few_messages(self):
        for kernel in self.each():
            cell = self.ok(kernel.run("for (int i = 0; i < 100_000; i++) System.out.println(\"line \" + i);"))
            self.assertEqual([f"line {i}" for i in range(100_000)], cell.out.splitlines())
            self.assertLess(len(cell.of("stream")), 1000)

    def test_outputs_keep_their_order(self):
        for kernel in self.each():
            cell = self.ok(kernel.run("for (int i = 0; i < 3; i++) {\n"
                                      "    System.out.print(\"o\" + i); System.err.print(\"e\" + i); display(\"d\" + i);\n}"))
            shown = [m["content"]["text"] if m["msg_type"] == "stream" else m["content"]["data"]["text/plain"]
                     for m in cell.messages if m["msg_type"] in ("stream", "display_data")]
            self.assertEqual("o0e0d0o1e1d1o2e2d2", "".join(shown))

    def test_return_deep_recursion_and_errors_do_not_harm_the_kernel(self):
        for kernel in self.each():
            for code in ("return 3;", "int deep(int n) { return deep(n + 1) + 1; } deep(0)", "throw new OutOfMemoryError(\"made up\");"):
                cell = kernel.run(code)
                self.assertNotIn("No result with key", cell.error)
                self.assertNotIn("apd4j.notebook.jupyter", cell.error)
                self.assertEqual("2", kernel.run("1 + 1").value)

    def test_input_can_be_asked_for(self):
        for kernel in self.each():
            identity = kernel.send("new Scanner(System.in).nextLine()", allow_stdin=True)
            kernel.client.get_stdin_msg(timeout=240)
            kernel.client.input("an answer")
            self.assertEqual("an answer", kernel.wait(identity).value)

    def test_imports_are_known_before_the_first_cell(self):
        for java in JAVAS:
            kernel = start(java)
            self.addCleanup(kernel.close)
            self.assertIn("decompose(", kernel.ask(kernel.client.complete, "Apd.decom", 9)["matches"])
            self.assertIn("decompose", json.dumps(kernel.ask(kernel.client.inspect, "Apd.decompose(", 14)["data"]))

    def test_kernel_info_reply_follows_the_protocol(self):
        for kernel in self.each():
            info = kernel.ask(kernel.client.kernel_info)
            self.assertEqual(("ok", "Java", ".jshell"), (info["status"], info["language_info"]["name"], info["language_info"]["file_extension"]))

    def test_console_learns_whether_code_is_complete(self):
        for kernel in self.each():
            self.assertEqual(["complete", "incomplete"],
                             [kernel.ask(kernel.client.is_complete, code)["status"] for code in ("int i = 1;", "for (int i = 0; i < 3; i++) {")])


if __name__ == "__main__":
    unittest.main()
