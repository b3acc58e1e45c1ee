package org.apd4j;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Stream;
import org.apd4j.decomposition.Evaluator;
import org.apd4j.math.Statistics;
import org.apd4j.math.internal.Grid;
import org.apd4j.math.internal.PlainNumber;
import org.junit.jupiter.api.Test;

/** Which package of the library may use which. */
class ArchitectureTest {

    /** From the ground up: a room may use those before it. */
    private static final List<String> ROOMS = List.of("math", "io", "network", "data", "training", "targets", "decomposition", "sweep",
            "measures", "apd", "spd", "sharedgate", "interaction", "language", "tables", "charts", "figures", "explore", "experiments", "notebook");
    private static final String[] PRESENTATION = packages("tables", "charts", "figures", "explore", "notebook");
    private static final JavaClasses LIBRARY = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.apd4j");

    @Test
    void packagesUseOnlyPackagesBelowThem() {
        LayeredArchitecture rooms = layeredArchitecture().consideringOnlyDependenciesInLayers();
        for (String room : ROOMS) {
            rooms = rooms.layer(room).definedBy(packages(room));
        }
        for (String room : ROOMS) {
            String[] above = ROOMS.subList(ROOMS.indexOf(room) + 1, ROOMS.size()).toArray(String[]::new);
            rooms = above.length == 0 ? rooms.whereLayer(room).mayNotBeAccessedByAnyLayer()
                    : rooms.whereLayer(room).mayOnlyBeAccessedByLayers(above);
        }
        rooms.check(LIBRARY);
    }

    @Test
    void everyClassIsInAKnownPackage() {
        classes().that(not(resideInAnyPackage("org.apd4j"))).should().resideInAnyPackage(packages(ROOMS.toArray(String[]::new))).check(LIBRARY);
    }

    @Test
    void rootPackageUsesNoOtherPackage() {
        noClasses().that().resideInAPackage("org.apd4j").should().dependOnClassesThat()
                .resideInAnyPackage(packages(ROOMS.toArray(String[]::new))).check(LIBRARY);
    }

    @Test
    void methodKnowsNothingOfHowItsResultsAreShown() {
        noClasses().that().resideInAnyPackage(packages("math", "io", "network", "data", "training", "targets", "decomposition", "sweep", "measures",
                "apd", "spd", "sharedgate", "interaction", "language"))
                .should().dependOnClassesThat(resideInAnyPackage(PRESENTATION)
                        .or(resideInAnyPackage("org.knowm.xchart..", "tech.tablesaw..", "io.github.spencerpark..", "java.awt..", "javax.swing..")))
                .check(LIBRARY);
    }

    /** A room for each method; what serves every method depends on none of them, whatever the order of the rooms is. */
    @Test
    void whatServesEveryMethodNamesNone() {
        noClasses().that().resideInAnyPackage(packages("decomposition", "sweep", "measures")).should().dependOnClassesThat()
                .resideInAnyPackage(packages("apd", "spd", "sharedgate", "interaction")).check(LIBRARY);
    }

    @Test
    void methodsKnowNothingOfEachOther() {
        noClasses().that().resideInAnyPackage(packages("interaction")).should().dependOnClassesThat()
                .resideInAnyPackage(packages("apd", "spd", "decomposition")).check(LIBRARY);
        noClasses().that().resideInAnyPackage(packages("spd")).should().dependOnClassesThat().resideInAnyPackage(packages("apd")).check(LIBRARY);
        noClasses().that().resideInAnyPackage(packages("sharedgate")).should().dependOnClassesThat().resideInAnyPackage(packages("apd", "spd"))
                .check(LIBRARY);
    }

    @Test
    void tablesAndFiguresDrawWhatMeasuresReturnAndComputeNothing() {
        DescribedPredicate<JavaClass> running = equivalentTo(Evaluator.class).or(resideInAnyPackage("org.apd4j.decomposition.internal..",
                "org.apd4j.network.internal..", "org.apd4j.math.internal..").and(not(belongToAnyOf(Grid.class, PlainNumber.class))));
        noClasses().that().resideInAnyPackage(packages("tables", "charts", "figures")).should().dependOnClassesThat(running)
                .because("a measure computes, and is tested; a Grid is what measures return, and PlainNumber only writes a number").check(LIBRARY);
        noClasses().that().resideInAnyPackage(packages("tables", "charts", "figures")).should().callMethodWhere(
                target(owner(equivalentTo(Statistics.class))).and(target(not(nameMatching("array|list")))))
                .because("means, deviations and quantiles are measures' methods").check(LIBRARY);
    }

    @Test
    void tablesAndFiguresKnowNoMethod() {
        noClasses().that().resideInAnyPackage(packages("tables", "charts", "figures", "explore")).should().dependOnClassesThat()
                .resideInAnyPackage(packages("apd", "spd", "sharedgate")).check(LIBRARY);
    }

    @Test
    void onlyNotebookUsesJupyter() {
        noClasses().that().resideOutsideOfPackage("org.apd4j.notebook..").should().dependOnClassesThat()
                .resideInAnyPackage("io.github.spencerpark..", "org.zeromq..", "jdk.jshell..").check(LIBRARY);
    }

    @Test
    void onlyTheThreadThatWritesARunKeepsAProgramAlive() {
        classes().that().doNotHaveFullyQualifiedName("org.apd4j.training.Autosave").should(startOnlyDaemons()).check(LIBRARY);
    }

    private static ArchCondition<JavaClass> startOnlyDaemons() {
        return new ArchCondition<>("make threads daemons, and executors out of these") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean makesThreads = type.getConstructorCallsFromSelf().stream()
                        .anyMatch(call -> call.getTargetOwner().isEquivalentTo(Thread.class));
                boolean makesDaemons = type.getMethodCallsFromSelf().stream().anyMatch(call -> call.getName().equals("setDaemon"));
                if (makesThreads && !makesDaemons) {
                    events.add(SimpleConditionEvent.violated(type, type.getName() + " makes threads that are no daemons"));
                }
                type.getMethodCallsFromSelf().stream().filter(call -> call.getTargetOwner().isEquivalentTo(Executors.class))
                        .filter(call -> call.getTarget().getRawParameterTypes().stream()
                        .noneMatch(given -> given.isEquivalentTo(ThreadFactory.class)))
                        .forEach(call -> events.add(SimpleConditionEvent.violated(call, call.getDescription() + " without a factory of daemons")));
            }
        };
    }

    private static String[] packages(String... rooms) {
        return Stream.of(rooms).map(room -> "org.apd4j." + room + "..").toArray(String[]::new);
    }
}
