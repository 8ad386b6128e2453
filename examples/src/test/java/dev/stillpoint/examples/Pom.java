package dev.stillpoint.examples;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** A Maven project's file, as far as the tests of what is published read it. */
record Pom(Document document) {
    /** One dependency; what is not said is empty. */
    record Dependency(String artifact, String classifier, String scope) {
        /** Whether who depends on the project gets it too. */
        boolean reachesUsers() {
            return scope.isEmpty() || scope.equals("compile") || scope.equals("runtime");
        }
    }

    static Pom read(Path file) throws IOException {
        return parse(Files.readAllBytes(file));
    }

    static Pom parse(byte[] xml) throws IOException {
        try {
            return new Pom(
                    DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(xml)));
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException("not a POM: " + e.getMessage(), e);
        }
    }

    /** The text at an XPath, trimmed; empty where there is none. */
    String text(String path) {
        return at(path, document, XPathConstants.STRING).toString().strip();
    }

    /** The project's own dependencies, not those that it only manages. */
    List<Dependency> dependencies() {
        return dependencies("/project/dependencies/dependency");
    }

    /** The dependencies whose versions it manages. */
    List<Dependency> managed() {
        return dependencies("/project/dependencyManagement/dependencies/dependency");
    }

    /** Dependencies that would force a native library, or anything else with a classifier, on users. */
    List<Dependency> forcedClassifiers() {
        return dependencies().stream()
                .filter(dependency ->
                        dependency.reachesUsers() && !dependency.classifier().isEmpty())
                .toList();
    }

    private List<Dependency> dependencies(String path) {
        NodeList nodes = (NodeList) at(path, document, XPathConstants.NODESET);
        List<Dependency> found = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            Node node = nodes.item(i);
            found.add(new Dependency(
                    at("artifactId", node, XPathConstants.STRING).toString(),
                    at("classifier", node, XPathConstants.STRING).toString(),
                    at("scope", node, XPathConstants.STRING).toString()));
        }
        return found;
    }

    private static Object at(String path, Node node, javax.xml.namespace.QName type) {
        try {
            return XPathFactory.newInstance().newXPath().evaluate(path, node, type);
        } catch (XPathExpressionException e) {
            throw new IllegalArgumentException("Pom: need an XPath, got " + path, e);
        }
    }
}
