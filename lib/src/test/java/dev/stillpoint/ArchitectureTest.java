package dev.stillpoint;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.stillpoint.adjoint.Adjoint;
import dev.stillpoint.law.Catalogue;
import dev.stillpoint.operator.Gradient;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.operator.Operator;
import dev.stillpoint.saboteur.UnlistedAcceleration;
import dev.stillpoint.saboteur.UnlistedAdjoint;
import dev.stillpoint.saboteur.UnlistedGradient;
import dev.stillpoint.saboteur.UnlistedLinearOperator;
import dev.stillpoint.saboteur.UnlistedOperator;
import dev.stillpoint.saboteur.UnlistedProximal;
import dev.stillpoint.saboteur.UnlistedResolvent;
import dev.stillpoint.saboteur.UnlistedSet;
import dev.stillpoint.set.ConvexSet;
import dev.stillpoint.set.Proximal;
import dev.stillpoint.set.Resolvent;
import dev.stillpoint.solver.Acceleration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The folder tree is the theory: who may see whom, on the compiled classes. Each rule is seen to fail on planted ones. */
class ArchitectureTest {
    private static final String OURS = "dev.stillpoint";
    private static final String PLANTED = "dev.stillpoint.saboteur";
    /** The package of {@link ImplicitNetwork}. */
    private static final String ROOT = "";

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(OURS);
    private static final JavaClasses SABOTEURS = new ClassFileImporter().importPackages(PLANTED);

    /** What each package may see beside itself, besides libraries. */
    private static final Map<String, Set<String>> MAY_SEE = Map.ofEntries(
            Map.entry("kernel", Set.of()),
            Map.entry("tensor", Set.of("kernel")),
            Map.entry("data", Set.of("tensor")),
            Map.entry("network", Set.of("tensor")),
            Map.entry("set", Set.of("kernel", "tensor")),
            Map.entry("operator", Set.of("kernel", "tensor", "set")),
            Map.entry("solver", Set.of("kernel", "tensor", "set", "operator")),
            Map.entry("adjoint", Set.of("kernel", "tensor", "set", "operator", "solver")),
            Map.entry("certificate", Set.of("kernel", "tensor", "set", "operator", "solver")),
            Map.entry(
                    ROOT,
                    Set.of("kernel", "tensor", "set", "operator", "solver", "adjoint", "certificate", "network")));

    /** The lists of implementations by the interface that each holds to its laws. */
    private static final Map<Class<?>, Set<String>> LISTS = Map.of(
            ConvexSet.class, names(Catalogue.SETS.stream().map(Catalogue.SetEntry::type)),
            Proximal.class, names(Catalogue.PROXIMALS.stream().map(Catalogue.ProximalEntry::type)),
            Resolvent.class, names(Catalogue.RESOLVENTS.stream().map(Catalogue.ResolventEntry::type)),
            Operator.class, names(Catalogue.OPERATORS.stream().map(Catalogue.OperatorEntry::type)),
            Gradient.class, names(Catalogue.GRADIENTS.stream().map(Catalogue.GradientEntry::type)),
            LinearOperator.class, names(Catalogue.LINEAR_OPERATORS.stream().map(Catalogue.LinearOperatorEntry::type)),
            Adjoint.class, names(Catalogue.ADJOINTS.stream().map(Object::getClass)),
            Acceleration.class, names(Catalogue.ACCELERATIONS.stream().map(Object::getClass)));

    private static final List<Class<?>> UNLISTED = List.of(
            UnlistedSet.class,
            UnlistedProximal.class,
            UnlistedResolvent.class,
            UnlistedOperator.class,
            UnlistedGradient.class,
            UnlistedLinearOperator.class,
            UnlistedAdjoint.class,
            UnlistedAcceleration.class);

    static Stream<String> packages() {
        return MAY_SEE.keySet().stream().sorted();
    }

    static Stream<Class<?>> catalogued() {
        return LISTS.keySet().stream().sorted(Comparator.comparing(Class::getName));
    }

    @ParameterizedTest
    @MethodSource("packages")
    void packageSeesOnlyWhatIsBelowIt(String name) {
        arrow(OURS, name).check(MAIN);
        assertThat(violations(arrow(PLANTED, name), SABOTEURS))
                .as("the planted violation")
                .anyMatch(line -> line.contains("<" + PLANTED + dot(name) + ".Planted"));
    }

    @Test
    void everyPackageHasItsRow() {
        Set<String> rows = new HashSet<>(MAY_SEE.keySet());
        // The top sees everything.
        rows.add("train");
        assertThat(unknownPackages(MAIN, OURS, rows)).isEmpty();
        rows.remove("set");
        assertThat(unknownPackages(MAIN, OURS, rows)).containsExactly("set");
    }

    @Test
    void packagesFormNoCycle() {
        acyclic(OURS).check(MAIN);
        assertThat(violations(acyclic(PLANTED), SABOTEURS)).anyMatch(line -> line.contains("Cycle detected"));
    }

    @Test
    void nativePointersStayInTensor() {
        pointers(OURS).check(MAIN);
        assertThat(violations(pointers(PLANTED), SABOTEURS))
                .anyMatch(line -> line.contains(PLANTED + ".set.Planted") && line.contains("Pointer"));
    }

    @ParameterizedTest
    @MethodSource("catalogued")
    void everyPublicImplementationIsInTheCatalogue(Class<?> type) {
        catalogue(type).check(MAIN);
        List<Class<?>> planted =
                UNLISTED.stream().filter(type::isAssignableFrom).toList();
        assertThat(planted).isNotEmpty();
        assertThat(violations(catalogue(type), SABOTEURS))
                .hasSameSizeAs(planted)
                .allMatch(line -> planted.stream().anyMatch(c -> line.contains(c.getName())));
    }

    /** A list of another interface does not do: its laws are other laws. */
    @Test
    void listsOfWiderInterfacesDoNotCount() {
        assertThat(listed(Proximal.class)).containsAll(listed(ConvexSet.class)).hasSizeGreaterThan(1);
        assertThat(listed(ConvexSet.class)).doesNotContainAnyElementsOf(LISTS.get(Proximal.class));
        assertThat(listed(Operator.class)).doesNotContainAnyElementsOf(listed(Gradient.class));
    }

    private static ArchRule arrow(String base, String name) {
        Set<String> allowed = new HashSet<>();
        MAY_SEE.getOrDefault(name, Set.of()).forEach(p -> allowed.add(base + dot(p)));
        allowed.add(base + dot(name));
        return noClasses()
                .that(in("package " + base + dot(name), c -> within(c, base, name)))
                .should()
                .dependOnClassesThat(in(
                        "another of our packages than " + allowed,
                        c -> c.getPackageName().startsWith(base)
                                && allowed.stream()
                                        .noneMatch(p -> p.equals(base)
                                                ? c.getPackageName().equals(p)
                                                : (c.getPackageName() + ".").startsWith(p + "."))))
                .allowEmptyShould(true);
    }

    private static ArchRule acyclic(String base) {
        return slices().matching(base + ".(*)..").should().beFreeOfCycles().allowEmptyShould(true);
    }

    private static ArchRule pointers(String base) {
        return noClasses()
                .that()
                .resideInAPackage(base + "..")
                .and()
                .resideOutsideOfPackage(base + ".tensor..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bytedeco.javacpp..");
    }

    private static ArchRule catalogue(Class<?> type) {
        Set<String> known = listed(type);
        return classes()
                .that()
                .areAssignableTo(type)
                .and()
                .areNotInterfaces()
                .and()
                .doNotHaveModifier(JavaModifier.ABSTRACT)
                .and()
                .arePublic()
                .should(new ArchCondition<>("be in the catalogue") {
                    @Override
                    public void check(JavaClass item, ConditionEvents events) {
                        boolean listed = known.contains(item.getName());
                        events.add(new SimpleConditionEvent(
                                item, listed, item.getName() + " has no instance in the catalogue"));
                    }
                })
                .allowEmptyShould(true);
    }

    /** What the laws of {@code type} run over: its own list, and those of the interfaces that extend it. */
    private static Set<String> listed(Class<?> type) {
        Set<String> names = new HashSet<>();
        LISTS.forEach((narrower, list) -> {
            if (type.isAssignableFrom(narrower)) {
                names.addAll(list);
            }
        });
        return names;
    }

    private static List<String> violations(ArchRule rule, JavaClasses classes) {
        return rule.evaluate(classes).getFailureReport().getDetails();
    }

    private static Set<String> unknownPackages(JavaClasses classes, String base, Set<String> known) {
        Map<String, Boolean> found = new HashMap<>();
        for (JavaClass c : classes) {
            String rest = c.getPackageName().substring(base.length());
            String first = rest.isEmpty() ? ROOT : rest.substring(1).replaceFirst("\\..*", "");
            found.put(first, known.contains(first));
        }
        found.values().removeIf(isKnown -> isKnown);
        return found.keySet();
    }

    /** In the package, or in one below it; below the root are the other packages, which are not meant. */
    private static boolean within(JavaClass c, String base, String name) {
        return name.equals(ROOT)
                ? c.getPackageName().equals(base)
                : (c.getPackageName() + ".").startsWith(base + dot(name) + ".");
    }

    private static DescribedPredicate<JavaClass> in(String description, Predicate<JavaClass> condition) {
        return DescribedPredicate.describe(description, condition);
    }

    private static String dot(String name) {
        return name.equals(ROOT) ? "" : "." + name;
    }

    private static Set<String> names(Stream<? extends Class<?>> types) {
        Set<String> names = new HashSet<>();
        types.forEach(type -> names.add(type.getName()));
        return names;
    }
}
