"""The kernel, driven by Jupyter's protocol: what cells keep, how they are stopped, what is shown."""

from __future__ import annotations

import json
import os
import time
import unittest
from pathlib import Path
from typing import Dict, List

from client import Cell, Kernel

SPEC = json.loads(Path(os.environ["APD_KERNEL_SPEC"]).read_text(encoding="utf-8")) if os.environ.get("APD_KERNEL_SPEC") else None
JAVAS = [SPEC["argv"][0]] if SPEC else []
JAVAS += [str(Path(home) / "bin" / "java") for home in os.environ.get("APD_JDKS", "").split(os.pathsep) if home]


def start(java: str, **variables: str) -> Kernel:
    return Kernel([java, *SPEC["argv"][1:]], {**{name: value.replace("$$", "$") for name, value in SPEC["env"].items()}, **variables})


DECLARED = {
    "var": ("var v1 = config + 1;", "v1"),
    "typed": ("int v2 = config + 2;", "v2"),
    "method": ("var v3 = scaled(3);", "v3"),
    "typed of a method": ("int v4 = scaled(4);", "v4"),
    "for-init": ("int v5 = 0; for (int i = 0, step = config; i < 3; i++) { v5 += step; }", "v5"),
    "several": ("int v6 = config, v7 = scaled(v6);", "v6 + v7"),
    "chain": ("var a1 = config * 2; var a2 = scaled(a1); var a3 = a2 + a1;", "a1 + a2 + a3"),
    "generic": ("var v8 = new ArrayList<>(List.of(config, scaled(2))); Map<String, List<Integer>> v9 = Map.of(\"k\", v8);", "v8 + \"\" + v9"),
    "anonymous": ("var v10 = new Object() { int held = scaled(5); };", "v10.held"),
    "lambda": ("java.util.function.Supplier<Integer> v11 = () -> 11; var held11 = v11;", "held11.get() + (held11 == v11 ? 0 : 1)"),
    "array": ("int[] v12 = {config, 12}; var v13 = new int[] {scaled(13)};", "v12[0] + v12[1] + v13[0]"),
    "null": ("String v14 = null;", "v14 == null"),
    "class of a cell": ("var v15 = new Box(config);", "v15.held"),
    "record of a cell": ("var v16 = new Pair(config, 16);", "v16"),
    "enum of a cell": ("var v17 = Mood.GOOD;", "v17"),
    "library": ("var v18 = Nd4j.create(new double[] {config}); var v19 = v18;", "v18 == v19 && v18 != null"),
}
"""Ways to declare variables, and what to look at."""

ABOVE = ("int config = 5; int scaled(int n) { return n * 10; }\nclass Box { int held; Box(int held) { this.held = held; } }\n"
         "record Pair(int a, int b) { }\nenum Mood { GOOD, BAD }")
AGAIN = "int config = 5;"

HARMLESS = {
    "value": "int config = 6;",
    "type": "String config = \"six\";",
    "method body": "int scaled(int n) { return n * 100; }",
    "method result": "String scaled(int n) { return \"\" + n; }",
    "method parameters": "int scaled(int n, int m) { return n * m; }",
    "class body": "class Box { int held; Box(int held) { this.held = 1 + held; } }",
    "single import": "import java.sql.Connection;",
    "star import": "import java.lang.reflect.*;",
    "ambiguous star import": "import java.awt.*;",
    "value that does not compile": "int config = nowhere;",
    "method that does not compile": "int scaled(int n) { return nowhere }",
    "class that does not compile": "class Box { int held }",
    "initializer that throws": "int config = Integer.parseInt(\"q\");",
}
"""What is run above the declarations and must change none of them."""

SHAPES = {
    "class of a cell": ("class Box { int held; int more; Box(int held) { this.held = held; } }", "Box"),
    "record of a cell": ("record Pair(int a, int b, int c) { }", "Pair"),
    "enum of a cell": ("enum Mood { GOOD, BAD, FAIR }", "Mood"),
}
"""What takes variables with it, and must say so."""


class WithKernels(unittest.TestCase):
    """Starts one kernel for each JDK, for all tests of a class."""

    variables: Dict[str, str] = {}

    @classmethod
    def setUpClass(cls) -> None:
        if not SPEC:
            raise unittest.SkipTest("APD_KERNEL_SPEC names no kernel spec; `lab.py test` sets it")
        cls.kernels: List[Kernel] = []
        for java in JAVAS:
            cls.kernels.append(start(java, **cls.variables))
            cls.addClassCleanup(cls.kernels[-1].close)

    def each(self) -> List[Kernel]:
        return self.kernels

    def ok(self, cell: Cell) -> Cell:
        self.assertEqual("ok", cell.status, cell)
        return cell


class VariablesTest(WithKernels):

    def test_cells_run_out_of_order_change_what_they_assign(self):
        for kernel in self.each():
            self._declared(kernel, False)
            self.ok(kernel.run("int config = 50;"))
            self.ok(kernel.run(DECLARED["chain"][0]))
            self.assertEqual("2200", kernel.run("a1 + a2 + a3").value)
            self.assertEqual("6", kernel.run("v1").value)
            self.ok(kernel.run(AGAIN))
            self.assertEqual("2200", kernel.run("a1 + a2 + a3").value)

    def test_a_declaration_that_fails_leaves_the_value(self):
        for kernel in self.each():
            self.ok(kernel.run("var kept = 3;"))
            self.assertEqual("error", kernel.run("var kept = Integer.parseInt(\"x\");").status)
            self.assertEqual("3", kernel.run("kept").value)

    def test_a_declaration_without_a_value_begins_anew(self):
        for kernel in self.each():
            for _ in range(2):
                self.assertEqual("1", self.ok(kernel.run("int counted; counted++; counted")).value)

    def _declared(self, kernel: Kernel, twice: bool) -> Dict[str, str]:
        for _ in range(1 + twice):
            self.ok(kernel.run(ABOVE))
            for code, _look in DECLARED.values():
                self.ok(kernel.run(code))
        return self._values(kernel)

    def _values(self, kernel: Kernel) -> Dict[str, str]:
        looks = " + \"|\" + ".join(f"({look})" for _, look in DECLARED.values())
        values = self.ok(kernel.run(f"\"\" + {looks}")).value.split("|")
        return dict(zip(DECLARED, values))


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

    def test_a_stop_during_the_start_leaves_the_imports(self):
        for java in JAVAS:
            kernel = start(java)
            self.addCleanup(kernel.close)
            identity = kernel.send("System.out.println(Apd.class);")
            kernel.interrupt()
            kernel.wait(identity)
            self.assertEqual("0", self.ok(kernel.run("IntStream.range(0, 0).count()")).value)


class TimeLimitTest(WithKernels):

    variables = {"IJAVA_TIMEOUT": "5 seconds"}

    def test_what_takes_too_long_is_ended_and_the_next_cell_runs(self):
        for kernel in self.each():
            self.assertIn("Timeout", kernel.run("int turns = 0; while (true) { turns++; }").error)
            self.assertEqual("2", kernel.run("1 + 1").value)
            self.assertEqual("true", kernel.run("int before = turns; Thread.sleep(300); before == turns").value)


class ProtocolTest(WithKernels):

    def test_an_error_ends_run_all(self):
        for kernel in self.each():
            asked = [kernel.send(code) for code in ("System.out.println(1);", "throw new IllegalStateException(\"no\");",
                                                    "System.out.println(3);", "System.out.println(4);")]
            cells = [kernel.wait(identity) for identity in asked]
            self.assertEqual(["ok", "error", "aborted", "aborted"], [cell.status for cell in cells])
            self.assertEqual(["1\n", "", "", ""], [cell.out for cell in cells])
            self.assertEqual("java.lang.IllegalStateException", cells[1].reply["content"]["ename"])
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
            cell = self.ok(kernel.run("for (int i = 0; i < 3; i++) { System.out.print(\"o\" + i); System.err.print(\"e\" + i); display(\"d\" + i); }"))
            shown = [m["content"]["text"] if m["msg_type"] == "stream" else m["content"]["data"]["text/plain"]
                     for m in cell.messages if m["msg_type"] in ("stream", "display_data")]
            self.assertEqual("o0e0d0o1e1d1o2e2d2", "".join(shown))

    def test_return_deep_recursion_and_errors_are_the_cells_own(self):
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

    def test_lines_of_consoles_are_complete_or_not(self):
        for kernel in self.each():
            self.assertEqual(["complete", "incomplete"],
                             [kernel.ask(kernel.client.is_complete, code)["status"] for code in ("int i = 1;", "for (int i = 0; i < 3; i++) {")])


if __name__ == "__main__":
    unittest.main()
