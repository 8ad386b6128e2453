package dev.stillpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.stillpoint.law.Cases;
import dev.stillpoint.law.ConvexSetLaws;
import dev.stillpoint.law.OperatorLaws;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** What the laws' jar holds, by the patterns of pom.xml, needs this library and AssertJ alone. */
class PublishedLawsTest {
    private static final Path CLASSES = Path.of("target/test-classes");
    private static final JavaClasses LAWS = new ClassFileImporter().importPath(CLASSES.resolve("dev/stillpoint/law"));
    /** Libraries that a user of the laws has. */
    private static final List<String> KNOWN =
            List.of("java.", "com.sun.management.", "org.assertj.", "org.bytedeco.", "org.jspecify.");

    @Test
    void lawsNeedNothingElse() throws Exception {
        List<String> includes = patterns("include");
        assertThat(published(includes, List.of()))
                .contains(Cases.class.getName(), ConvexSetLaws.class.getName(), OperatorLaws.class.getName());
        assertThat(foreign(published(includes, List.of()))).isEmpty();
    }

    /** With everything in, the tests and the independent solver must be reported. */
    @Test
    void whatIsLeftOutWouldBeCaught() throws Exception {
        assertThat(foreign(published(List.of("dev/stillpoint/law/**"), List.of())))
                .anyMatch(line -> line.contains(" needs org.junit."))
                .anyMatch(line -> line.contains(" needs org.ojalgo."));
        // A class that is left out though another one needs it.
        assertThat(foreign(published(patterns("include"), List.of("**/Cases.class"))))
                .anyMatch(line -> line.endsWith(" needs " + Cases.class.getName()));
    }

    private static Set<String> published(List<String> includes, List<String> excludes) {
        return LAWS.stream()
                .map(JavaClass::getName)
                .filter(name -> matches(includes, name) && !matches(excludes, name))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<String> foreign(Set<String> published) {
        List<String> found = new ArrayList<>();
        for (String name : published) {
            for (Dependency dependency : LAWS.get(name).getDirectDependenciesFromSelf()) {
                JavaClass target = dependency.getTargetClass().getBaseComponentType();
                String needed = target.getName();
                boolean ours = needed.startsWith("dev.stillpoint.")
                        && (published.contains(needed) || !Files.exists(CLASSES.resolve(file(needed))));
                if (!target.isPrimitive() && !ours && KNOWN.stream().noneMatch(needed::startsWith)) {
                    found.add(name + " needs " + needed);
                }
            }
        }
        return found;
    }

    private static boolean matches(List<String> patterns, String name) {
        FileSystem files = FileSystems.getDefault();
        Path path = Path.of(file(name));
        return patterns.stream()
                .anyMatch(pattern -> files.getPathMatcher("glob:" + pattern).matches(path));
    }

    private static String file(String name) {
        return name.replace('.', '/') + ".class";
    }

    private static List<String> patterns(String element) throws Exception {
        Document pom = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(Path.of("pom.xml").toFile());
        NodeList nodes = (NodeList) XPathFactory.newInstance()
                .newXPath()
                .evaluate("//execution[id='laws']//" + element, pom, XPathConstants.NODESET);
        List<String> patterns = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            patterns.add(nodes.item(i).getTextContent());
        }
        return patterns;
    }
}
