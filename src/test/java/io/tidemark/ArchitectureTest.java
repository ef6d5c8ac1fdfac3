package io.tidemark;

import static com.tngtech.archunit.lang.conditions.ArchConditions.accessField;
import static com.tngtech.archunit.lang.conditions.ArchConditions.callMethodWhere;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.domain.properties.HasOwner;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.annotation.Testable;

/** The rules between packages, and what the compiler cannot say about names, time and output. */
class ArchitectureTest {

    private static final Storeys STOREYS = Storeys.read(RepositoryFiles.ROOT.resolve("src/docs/ARCHITECTURE.md"));

    /** What works the same with no broker, no GPU and no clock; the engines' contract without its two implementations. */
    private static final String[] PURE = packages(
            "judge..",
            "image..",
            "learn..",
            "net.engine",
            "net.network..",
            "model.inference..",
            "series..",
            "config..");

    /** What starts a process or a node of it, and what measures how old records are when they arrive. */
    private static final List<String> WALL_CLOCKS =
            List.of("io.tidemark.app.cli.CliCommand", "io.tidemark.app.node.Node", "io.tidemark.app.bench.Arrivals");

    private static final int COMPONENTS_MAX = 8;

    /** Where this class lies, whatever builds it. */
    private static final String TESTS = ArchitectureTest.class
            .getProtectionDomain()
            .getCodeSource()
            .getLocation()
            .getPath();

    private static final JavaClasses PRODUCT = new ClassFileImporter()
            .withImportOption(location -> !location.contains(TESTS))
            .importPackages("io.tidemark");

    /** Tests too, without what JMH generates. */
    private static final JavaClasses EVERYTHING = new ClassFileImporter()
            .withImportOption(location -> !location.contains("/jmh_generated/"))
            .importPackages("io.tidemark");

    @Test
    void importsPointDownwardsOnly() {
        check(classes().should(pointDownwards(STOREYS)));
    }

    @Test
    void pictureOfThePackagesIsWhole() {
        Set<String> found = new TreeSet<>();
        for (JavaClass type : PRODUCT) {
            String name = type.getPackageName();
            if (!name.equals("io.tidemark")) {
                found.add(name);
            }
        }
        assertThat(STOREYS.packages()).isEqualTo(found);
    }

    private static ArchCondition<JavaClass> pointDownwards(Storeys storeys) {
        return new ArchCondition<>("import from their own package, what stands to its right, or a storey below") {
            @Override
            public void check(JavaClass origin, ConditionEvents events) {
                OptionalInt from = storeys.place(origin.getPackageName());
                if (origin.getPackageName().equals("io.tidemark")) {
                    return;
                }
                if (from.isEmpty()) {
                    events.add(SimpleConditionEvent.violated(
                            origin, origin.getName() + " lies in a package that the picture in ARCHITECTURE.md lacks"));
                    return;
                }
                for (Dependency dependency : origin.getDirectDependenciesFromSelf()) {
                    JavaClass target = dependency.getTargetClass().getBaseComponentType();
                    if (storeys.place(target.getPackageName()).orElse(Integer.MAX_VALUE) < from.getAsInt()) {
                        events.add(SimpleConditionEvent.violated(origin, dependency.getDescription()));
                    }
                }
            }
        };
    }

    @Test
    void everyTypeThatThePageNamesIsThere() throws IOException {
        String page = Files.readString(RepositoryFiles.ROOT.resolve("src/docs/ARCHITECTURE.md"));
        Set<String> there = new TreeSet<>();
        EVERYTHING.forEach(type -> there.add(type.getSimpleName()));
        Set<String> missing = new TreeSet<>();
        Matcher named =
                Pattern.compile("`([A-Z][a-z]+[A-Za-z]*)(\\.[A-Z][A-Za-z]+)?`").matcher(page);
        while (named.find()) if (!there.contains(named.group(1))) missing.add(named.group());
        assertThat(missing)
                .as("types that ARCHITECTURE.md names and nobody finds")
                .isEmpty();
    }

    @Test
    void packagesHaveNoCycles() {
        check(slices().matching("io.tidemark.(**)").should().beFreeOfCycles());
    }

    @Test
    void onlyTheDl4jEngineSeesDeeplearning4j() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("io.tidemark.net.engine.dl4j..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.nd4j..", "org.deeplearning4j..", "org.bytedeco.."));
    }

    @Test
    void onlyTheDjlEngineSeesDjl() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("io.tidemark.net.engine.djl..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("ai.djl.."));
    }

    @Test
    void purePackagesKnowNoKafka() {
        check(noClasses()
                .that()
                .resideInAnyPackage(PURE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.kafka..", "kafka.."));
    }

    @Test
    void purePackagesTakeTimeAndChanceAsArguments() {
        check(noClasses()
                .that()
                .resideInAnyPackage(PURE)
                .should(call(System.class, "currentTimeMillis"))
                .orShould(call(Instant.class, "now"))
                .orShould(call(Math.class, "random"))
                .orShould(call(ThreadLocalRandom.class, "current")));
    }

    @Test
    void wallTimeIsAskedForOnlyWhereAProcessStarts() {
        ArchRule rule = noClasses()
                .that(DescribedPredicate.describe("ask no clock", type -> !WALL_CLOCKS.contains(type.getName())))
                .should(call(System.class, "currentTimeMillis"))
                .orShould(call(Instant.class, "now"))
                .orShould(call(InstantSource.class, "system"))
                .orShould(callMethodWhere(JavaCall.Predicates.target(HasName.Predicates.nameMatching("system.*"))
                        .and(JavaCall.Predicates.target(
                                HasOwner.Predicates.With.owner(JavaClass.Predicates.assignableTo(Clock.class))))))
                .because("whoever needs wall time takes an InstantSource, so that a test can set it");
        check(rule);
    }

    @Test
    void onlyTheCommandLineWritesToStandardOutput() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages(packages("app.cli..", "app.console..", "kafka.embedded.."))
                .should(accessField(System.class, "out")));
        check(noClasses().should().dependOnClassesThat().resideInAnyPackage("java.util.logging.."));
        check(noClasses()
                .that()
                .resideOutsideOfPackages(packages("app.cli..", "app.console..", "kafka.embedded.."))
                .should(call(Throwable.class, "printStackTrace")));
    }

    @Test
    void nothingIsReadByJavaSerialization() {
        check(noClasses().should().dependOnClassesThat().haveFullyQualifiedName("java.io.ObjectInputStream"));
    }

    @Test
    void typesAreNamedAfterTheDomain() {
        check(noClasses().should().haveSimpleNameEndingWith("Manager"));
        check(noClasses().should().haveSimpleNameEndingWith("Helper"));
        check(noClasses().should().haveNameMatching(".*(Util|Utils|Impl)"));
        check(noClasses().should().resideInAnyPackage("..common..", "..impl..", "..util..", "..utils.."));
    }

    /** A stream file's sections, one for each of its components. */
    private static final Set<String> WIDE_RECORDS = Set.of("StreamSpec");

    @Test
    void recordsHaveAtMostEightComponents() {
        Set<String> wide = new TreeSet<>();
        for (JavaClass type : PRODUCT) {
            if (!type.isRecord()) continue;
            if (type.reflect().getRecordComponents().length > COMPONENTS_MAX) wide.add(type.getSimpleName());
        }
        assertThat(wide)
                .as("a record of more than %d components becomes a few records with names", COMPONENTS_MAX)
                .isEqualTo(new TreeSet<>(WIDE_RECORDS));
    }

    @Test
    void everyPackageIsNullMarked() {
        ArchCondition<JavaClass> nullMarked = new ArchCondition<>("lie in a package marked @NullMarked") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
                    events.add(SimpleConditionEvent.violated(
                            type,
                            type.getName() + ": " + type.getPackageName()
                                    + " has no package-info.java with @NullMarked"));
                }
            }
        };
        classes().should(nullMarked).check(EVERYTHING);
    }

    @Test
    void everyTestHasANameThatRuns() {
        ArchCondition<JavaMethod> runs = new ArchCondition<>("lie in a class that Surefire or Failsafe runs") {
            @Override
            public void check(JavaMethod method, ConditionEvents events) {
                JavaClass outermost = method.getOwner();
                while (outermost.getEnclosingClass().isPresent()) {
                    outermost = outermost.getEnclosingClass().get();
                }
                boolean contract = outermost.getModifiers().contains(JavaModifier.ABSTRACT)
                        && outermost.getSimpleName().endsWith("Contract");
                if (!contract && !outermost.getSimpleName().matches(".*(Test|Properties|IT)")) {
                    events.add(SimpleConditionEvent.violated(
                            method,
                            method.getFullName() + " never runs: end the class name in Test, Properties or IT,"
                                    + " or make it an abstract Contract"));
                }
            }
        };
        methods().that().areMetaAnnotatedWith(Testable.class).should(runs).check(EVERYTHING);
    }

    @Test
    void noTestSleepsForAFixedTime() {
        JavaClasses tests = new ClassFileImporter()
                .withImportOption(location -> location.contains(TESTS))
                .importPackages("io.tidemark");
        noClasses().should(call(Thread.class, "sleep")).check(tests);
        noClasses().should(call(TimeUnit.class, "sleep")).check(tests);
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(PRODUCT);
    }

    /** Calls of a method by its name, whatever its parameters. */
    private static ArchCondition<JavaClass> call(Class<?> owner, String name) {
        return callMethodWhere(JavaCall.Predicates.target(HasName.Predicates.name(name))
                .and(JavaCall.Predicates.target(
                        HasOwner.Predicates.With.owner(JavaClass.Predicates.assignableTo(owner)))));
    }

    private static String[] packages(String... names) {
        return List.of(names).stream().map(name -> "io.tidemark." + name).toArray(String[]::new);
    }
}
