"""Tests that a variable changes only when a cell that assigns it runs."""

from __future__ import annotations

import unittest
from typing import Dict, Iterable, List

from client import Kernel
from kernels import WithKernels

ABOVE = """int config = 5; int scaled(int n) { return n * 10; }
class Box { int held; Box(int held) { this.held = held; } }
record Pair(int a, int b) { }
enum Mood { GOOD, BAD }"""
"""The first cell, on which the others depend."""

DECLARED = {
    "var": ("var v1 = config + 1;", "v1"),
    "typed": ("int v2 = config + 2;", "v2"),
    "var of a method": ("var v3 = scaled(3);", "v3"),
    "typed of a method": ("int v4 = scaled(4);", "v4"),
    "changed in a loop with its own variables": ("int v5 = 0; for (int i = 0, step = config; i < 3; i++) { v5 += step; }", "v5"),
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
    "of several types": ("var v20 = config > 0 ? config : \"none\"; var v21 = List.of(scaled(1), \"a\");", "v20 + \"\" + v21"),
    "library": ("var v18 = Nd4j.create(new double[] {config}); var v19 = v18;", "v18 == v19 && v18 != null"),
}
"""Kinds of declarations, each with an expression that shows the value."""

HARMLESS = {
    "value": "int config = 6;",
    "type": "String config = \"six\";",
    "method body": "int scaled(int n) { return n * 100; }",
    "method result": "String scaled(int n) { return \"\" + n; }",
    "method parameters": "int scaled(int n, int m) { return n * m; }",
    "class body": "class Box { int held; Box(int held) { this.held = 1 + held; } }",
    "single import": "import java.sql.Connection;",
    "star import": "import java.lang.reflect.*;",
    "value that does not compile": "int config = nowhere;",
    "method that is not whole": "int scaled(int n) { return nowhere }",
    "method that does not compile": "int scaled(int n) { return \"s\"; }",
    "class that is not whole": "class Box { int held }",
    "class that does not compile": "class Box { int held = \"s\"; Box(int held) { } }",
    "initializer that throws": "int config = Integer.parseInt(\"q\");",
    "ambiguous star import": "import java.awt.*;",
}
"""Cells that are run before the declarations and must not change their values."""

SHAPES = {
    "class of a cell": ("class Box { int held; int more; Box(int held) { this.held = held; } }", "Box"),
    "record of a cell": ("record Pair(int a, int b, int c) { }", "Pair"),
    "enum of a cell": ("enum Mood { GOOD, BAD, FAIR }", "Mood"),
}
"""Cells that make variables invalid, which must be reported."""


class VariablesTest(WithKernels):

    def test_nothing_above_changes_a_variable(self):
        for kernel in self.fresh():
            self._declare(kernel, DECLARED)
            self._unchanged(kernel, HARMLESS, times=1)

    def test_nothing_above_that_runs_twice_changes_a_variable_that_ran_twice(self):
        for kernel in self.fresh():
            for _ in range(2):
                self._declare(kernel, DECLARED)
            self._unchanged(kernel, HARMLESS, times=2)

    def test_nothing_above_changes_a_variable_whatever_the_order(self):
        for kernel in self.fresh():
            self._declare(kernel, DECLARED)
            self._declare(kernel, reversed(DECLARED))
            self._unchanged(kernel, reversed(HARMLESS), times=1)

    def test_cells_run_out_of_order_change_what_they_assign(self):
        for kernel in self.fresh():
            self._declare(kernel, ["var", "chain"])
            self.ok(kernel.run("int config = 50;"))
            self.ok(kernel.run(DECLARED["chain"][0]))
            self.assertEqual("2200", kernel.run("a1 + a2 + a3").value)
            self.assertEqual("6", kernel.run("v1").value)
            self.ok(kernel.run("int config = 5;"))
            self.assertEqual("2200", kernel.run("a1 + a2 + a3").value)

    def test_values_whose_class_has_another_shape_are_named_with_the_cell_that_makes_them(self):
        for kernel in self.fresh():
            for kind, (code, name) in SHAPES.items():
                with self.subTest(kind=kind):
                    self._declare(kernel, ["var", kind])
                    declaration = DECLARED[kind][0]
                    number = self.ok(kernel.run(declaration)).reply["content"]["execution_count"]
                    told = self.ok(kernel.run(code)).err
                    variable = declaration.split()[1]
                    self.assertEqual(f"`{variable}` was lost because `{name}` has changed; run cell [{number}] again\n", told)
                    self.assertEqual("6", kernel.run("v1").value)

    def test_an_anonymous_object_whose_body_compiles_no_longer_is_named_with_its_cell(self):
        for kernel in self.fresh():
            self._declare(kernel, ["var", "chain"])
            number = self.ok(kernel.run(DECLARED["anonymous"][0])).reply["content"]["execution_count"]
            self.assertEqual("", kernel.run("String scaled(int n) { return \"\" + n; }").err)
            lost = kernel.run("import java.lang.reflect.*;").err
            self.assertEqual(f"`v10` was lost because `java.lang.reflect.*` has changed; run cell [{number}] again\n", lost)
            self._declare(kernel, ["anonymous"])
            self.assertEqual("50 6 220", kernel.run("v10.held + \" \" + v1 + \" \" + (a1 + a2 + a3)").value)

    def test_methods_of_one_name_are_told_apart_whatever_is_declared_again(self):
        for kernel in self.each():
            for code in ("int half(String s) { return half(s, 2); }", "int half(String s, int n) { return s.length() / n; }",
                         "int third(int n) { return n / 3; }\nint third(String s) { return s.length(); }", "import java.net.*;",
                         "int third(int n) { return n / 3 + 1; }", "int half(String s) { return half(s, 2) + 1; }"):
                self.assertEqual("", self.ok(kernel.run(code)).err)
            self.assertEqual("4 3 3 2", kernel.run("half(\"eight\", 1) - 1 + \" \" + half(\"four\") +"
                                                   " \" \" + third(6) + \" \" + third(\"ab\")").value)

    def test_a_method_with_another_signature_is_answered(self):
        for kernel in self.each():
            for code in ("int twice(int n) { return 2 * n; }\nint four(int n) { return twice(twice(n)); }",
                         "long twice(int n) { return 2L * n; }",
                         "double twice(double n) { return 2 * n; }", "int twice(int n) { return 2 * n; }"):
                self.ok(kernel.run(code))
            self.assertEqual("12", kernel.run("four(3)").value)

    def test_a_declaration_that_fails_leaves_the_value(self):
        for kernel in self.each():
            for declared, failing in (("var kept = 3;", "var kept = Integer.parseInt(\"x\");"), ("int kept = 3;", "int kept = \"x\";"),
                                      ("int kept = 3;", "var kept = nowhere;"),
                                      ("int kept = 1, more = 2; kept += more;", "int kept = nowhere, more = 5;")):
                with self.subTest(failing=failing):
                    self.ok(kernel.run(declared))
                    self.assertEqual("error", kernel.run(failing).status)
                    self.assertEqual("3", kernel.run("kept").value)

    def test_a_declaration_without_a_value_begins_anew(self):
        for kernel in self.each():
            for _ in range(2):
                self.assertEqual("1", self.ok(kernel.run("int counted; counted++; counted")).value)

    def _declare(self, kernel: Kernel, kinds: Iterable[str]) -> None:
        self.ok(kernel.run(ABOVE))
        for kind in kinds:
            self.assertEqual("", self.ok(kernel.run(DECLARED[kind][0])).err)

    def _unchanged(self, kernel: Kernel, changes: Iterable[str], times: int) -> None:
        before = self._values(kernel)
        self.assertEqual(["6", "7", "30", "40", "15", "55", "220"], list(before.values())[:7])
        for name in changes:
            with self.subTest(changed=name):
                for _ in range(times):
                    self.assertEqual("", kernel.run(HARMLESS[name]).err)
                self.assertEqual(before, self._values(kernel))
                self.ok(kernel.run(ABOVE))
                self.assertEqual(before, self._values(kernel))

    def _values(self, kernel: Kernel) -> Dict[str, str]:
        looks = " + \"|\" + ".join(f"({look})" for _, look in DECLARED.values())
        values: List[str] = self.ok(kernel.run(f"\"\" + {looks}")).value.split("|")
        return dict(zip(DECLARED, values))


if __name__ == "__main__":
    unittest.main()
