package org.vistadr.storage.listing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/// Reads random documents with our reader and with the JDK's DOM, which must see the same; and cuts
/// and breaks them, which must never be read as something else than an error or what DOM sees.
class XmlReaderFuzzTest {

  private static final int DOCUMENTS = 2000;

  private final DocumentBuilder dom;

  XmlReaderFuzzTest() throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    dom = factory.newDocumentBuilder();
    dom.setErrorHandler(null);
  }

  @Test
  void ourReaderSeesWhatDomSees() throws Exception {
    long seed = Long.getLong("vistadr.seed", System.nanoTime());
    for (int i = 0; i < DOCUMENTS; i++) {
      Random random = new Random(seed + i);
      String xml = document(random);
      byte[] bytes = xml.getBytes(UTF_8);
      assertThat(ours(bytes, bytes.length))
          .as("seed %d document %d: %s", seed, i, xml)
          .isEqualTo(flat(dom.parse(new ByteArrayInputStream(bytes)).getDocumentElement()));
    }
  }

  @Test
  void aBrokenDocumentIsNeverReadAsAnother() throws Exception {
    long seed = Long.getLong("vistadr.seed", System.nanoTime());
    int refused = 0;
    for (int i = 0; i < DOCUMENTS; i++) {
      Random random = new Random(seed + i);
      byte[] bytes = document(random).strip().getBytes(UTF_8);
      int length = bytes.length;
      if (random.nextBoolean()) {
        length = random.nextInt(length);
      } else {
        bytes[random.nextInt(length)] = (byte) "<>/&;='\" a".charAt(random.nextInt(10));
      }
      List<String> read;
      try {
        read = ours(bytes, length);
      } catch (UnprovedAnswer _) {
        refused++;
        continue;
      }
      List<String> byDom;
      try {
        byDom = flat(dom.parse(new ByteArrayInputStream(bytes, 0, length)).getDocumentElement());
      } catch (org.xml.sax.SAXException _) {
        // Names and attributes are not looked at as closely as DOM does; text always is.
        continue;
      }
      assertThat(read).as("seed %d document %d", seed, i).isEqualTo(byDom);
    }
    assertThat(refused).isGreaterThan(DOCUMENTS / 3);
  }

  private static List<String> ours(byte[] bytes, int length) throws UnprovedAnswer {
    XmlReader xml = new XmlReader(bytes, length);
    List<String> seen = new ArrayList<>();
    seen.add(xml.root());
    read(xml, seen);
    xml.end();
    return seen;
  }

  /// Elements whose name begins with T hold text, those with S are skipped, all others hold
  /// elements.
  private static void read(XmlReader xml, List<String> seen) throws UnprovedAnswer {
    for (String name = xml.nextChild(); name != null; name = xml.nextChild()) {
      seen.add(name);
      if (name.startsWith("T")) {
        seen.add("=" + xml.text());
      } else if (name.startsWith("S")) {
        xml.skip();
      } else {
        read(xml, seen);
      }
    }
    seen.add("/");
  }

  private static List<String> flat(Element root) {
    List<String> seen = new ArrayList<>();
    seen.add(root.getLocalName());
    children(root, seen);
    return seen;
  }

  private static void children(Element element, List<String> seen) {
    for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
      if (child instanceof Element inner) {
        String name = inner.getLocalName();
        seen.add(name);
        if (name.startsWith("T")) {
          seen.add("=" + inner.getTextContent());
        } else if (!name.startsWith("S")) {
          children(inner, seen);
        }
      }
    }
    seen.add("/");
  }

  private static String document(Random random) {
    StringBuilder xml = new StringBuilder();
    if (random.nextBoolean()) {
      xml.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    }
    if (random.nextInt(4) == 0) {
      xml.append("<!-- a > comment -->");
    }
    String prefix = random.nextInt(4) == 0 ? "s:" : "";
    xml.append('<').append(prefix).append("Root xmlns:s='urn:x'");
    if (random.nextBoolean()) {
      xml.append(" xmlns = \"http://s3.amazonaws.com/doc/2006-03-01/\"");
    }
    xml.append('>');
    elements(random, xml, 0);
    xml.append("</").append(prefix).append("Root >");
    return xml.append(random.nextBoolean() ? "\n<!-- end -->\n" : "").toString();
  }

  private static void elements(Random random, StringBuilder xml, int depth) {
    for (int i = random.nextInt(6); i > 0; i--) {
      switch (random.nextInt(7)) {
        case 0 -> xml.append("  \r\n\t");
        case 1 -> xml.append("<!-- <b> & -->");
        case 2 -> xml.append("<E").append(random.nextInt(3)).append(" a='1\"&lt;'/>");
        case 3 -> {
          xml.append("<T1>");
          text(random, xml);
          xml.append("</T1>");
        }
        case 4 -> {
          xml.append("<s:T2 s:b=\"x>y\">");
          text(random, xml);
          xml.append("</s:T2\n>");
        }
        case 5 -> {
          xml.append("<S>");
          text(random, xml);
          if (depth < 4) {
            elements(random, xml, depth + 1);
          }
          xml.append("</S>");
        }
        default -> {
          if (depth < 4) {
            xml.append("<Entry>");
            elements(random, xml, depth + 1);
            xml.append("</Entry>");
          }
        }
      }
    }
  }

  private static void text(Random random, StringBuilder xml) {
    for (int i = random.nextInt(8); i > 0; i--) {
      switch (random.nextInt(12)) {
        case 0 -> xml.append("&lt;");
        case 1 -> xml.append("&amp;amp;");
        case 2 -> xml.append("&#").append(32 + random.nextInt(500)).append(';');
        case 3 ->
            xml.append("&#x")
                .append(Integer.toHexString(0x1F300 + random.nextInt(256)))
                .append(';');
        case 4 -> xml.append("<![CDATA[<b>&amp;]] >]]>");
        case 5 -> xml.append("日本🎉ü");
        case 6 -> xml.append("\r\n");
        case 7 -> xml.append(" %2B+ ");
        case 8 -> xml.append("<!-- c -->");
        case 9 -> xml.append("<?pi a>b?>");
        case 10 -> xml.append("\r");
        default -> xml.append("plain/text").append(random.nextInt(100));
      }
    }
  }
}
