package org.vistadr.storage.s3;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.vistadr.model.BucketSetting;
import org.vistadr.model.ConfigNode;
import org.vistadr.model.SettingValue;
import org.vistadr.model.Sha256;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.listing.UnprovedAnswer;
import org.vistadr.storage.listing.XmlReader;

/// Reads and changes settings of the bucket on signed requests of our own: what the SDK's types do
/// not know would be lost in them. Safe for many threads.
final class S3Settings {

  private static final String NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

  /// More than any provider lets a setting be; what is larger cannot be kept.
  private static final int LARGEST = 500_000;

  /// Codes of a refusal of the key itself: nothing can be said of any setting then.
  private static final Set<String> WRONG_KEY =
      Set.of(
          "SignatureDoesNotMatch",
          "InvalidAccessKeyId",
          "InvalidToken",
          "ExpiredToken",
          "TokenRefreshRequired",
          "RequestTimeTooSkewed",
          "NoCredentials");

  /// What providers add to their answers and refuse in requests, or change by themselves.
  private static final Set<String> ANSWERED_ONLY = Set.of("ExpiryUpdatedAt", "DisplayName");

  private final SignedCalls calls;

  S3Settings(SignedCalls calls) {
    this.calls = calls;
  }

  SettingValue read(BucketSetting setting) throws StorageException {
    S3Call call =
        S3Call.ofBucket("GetBucket" + setting.element(), "GET").with(setting.resource(), "");
    byte[] body;
    try (HttpAnswer answer = calls.send(call)) {
      body = calls.read(call, answer);
    } catch (StorageException.Rejected e) {
      return refused(e);
    } catch (StorageException.NotFound e) {
      return new SettingValue.NotSupported("NoSuchKey");
    } catch (StorageException.AccessDenied e) {
      if (WRONG_KEY.contains(e.code())) {
        throw e;
      }
      return new SettingValue.NotReadable(e.code().isEmpty() ? "AccessDenied" : e.code());
    }
    if (body.length > LARGEST) {
      return new SettingValue.NotReadable("%d bytes are too many".formatted(body.length));
    }
    ConfigNode root;
    try {
      root = setting == BucketSetting.POLICY ? PolicyText.read(body) : tree(setting, body);
    } catch (UnprovedAnswer e) {
      // A provider that does not know the parameter answers as if it was not there.
      return new SettingValue.NotSupported(S3Errors.tidy(e.getMessage()));
    }
    return root.children().isEmpty() ? SettingValue.NOT_SET : new SettingValue.Configured(root);
  }

  /// Replaces a setting, or takes it away. What was never there cannot be taken away: a provider
  /// that does not know the parameter might remove the bucket.
  void change(BucketSetting setting, Optional<ConfigNode> value) throws StorageException {
    if (value.isEmpty() && setting != BucketSetting.NOTIFICATION) {
      if (setting == BucketSetting.VERSIONING
          || setting == BucketSetting.OBJECT_LOCK
          || setting == BucketSetting.ACL) {
        throw new IllegalArgumentException(setting + " cannot be taken away");
      }
      if (!(read(setting) instanceof SettingValue.Configured)) {
        return;
      }
      S3Call call =
          S3Call.ofBucket("DeleteBucket" + setting.element(), "DELETE")
              .with(setting.resource(), "");
      calls.send(call).close();
      return;
    }
    byte[] body =
        setting == BucketSetting.POLICY
            ? PolicyText.write(value.orElseThrow())
            : xml(value.orElse(ConfigNode.of(setting.element()))).getBytes(StandardCharsets.UTF_8);
    S3Call call =
        S3Call.ofBucket("PutBucket" + setting.element(), "PUT")
            .with(setting.resource(), "")
            .withHeader(
                "content-md5", Base64.getEncoder().encodeToString(Md5.of(body, 0, body.length)))
            .withHeader(
                "content-type",
                setting == BucketSetting.POLICY ? "application/json" : "application/xml")
            .withBody(
                new S3Call.Body(
                    new Payload.Bytes(body, 0, body.length),
                    Sha256.digest(body, 0, body.length).hex()),
                body.length);
    try (HttpAnswer answer = calls.send(call)) {
      calls.read(call, answer);
    }
  }

  private static SettingValue refused(StorageException.Rejected e) throws StorageException {
    String code = e.code();
    boolean absent =
        e.status() == 404
            && (code.contains("NotFound") || code.startsWith("NoSuch"))
            && !code.equals("NoSuchUpload");
    if (absent) {
      return SettingValue.NOT_SET;
    }
    return switch (e.status()) {
      case 400, 404, 405, 409, 501 ->
          new SettingValue.NotSupported(code.isEmpty() ? "HTTP " + e.status() : code);
      default -> throw e;
    };
  }

  private static ConfigNode tree(BucketSetting setting, byte[] body) throws UnprovedAnswer {
    XmlReader xml = new XmlReader(body, body.length);
    String found = xml.root();
    if (!found.equals(setting.element()) && !found.startsWith("GetBucket")) {
      throw new UnprovedAnswer("it answers with a " + found);
    }
    ConfigNode root = ConfigNode.of(setting.element(), children(xml));
    xml.end();
    return root;
  }

  private static List<ConfigNode> children(XmlReader xml) throws UnprovedAnswer {
    List<ConfigNode> nodes = new ArrayList<>();
    for (String name = xml.nextChild(); name != null; name = xml.nextChild()) {
      if (ANSWERED_ONLY.contains(name)) {
        xml.skip();
        continue;
      }
      Optional<String> text = xml.textOnly();
      if (text.isEmpty()) {
        nodes.add(ConfigNode.of(name, children(xml)));
      } else if (!isUnusedPeriod(name, text.get())) {
        nodes.add(ConfigNode.leaf(name, text.get()));
      }
    }
    return nodes;
  }

  /// A retention has days or years; some answer with a zero for the other one, and refuse it.
  private static boolean isUnusedPeriod(String name, String text) {
    return name.equals("Years") && text.strip().equals("0");
  }

  private static String xml(ConfigNode root) {
    StringBuilder xml =
        new StringBuilder("<").append(root.name()).append(" xmlns=\"").append(NAMESPACE);
    xml.append("\">");
    root.children().forEach(child -> write(child, xml));
    return xml.append("</").append(root.name()).append(">").toString();
  }

  private static void write(ConfigNode node, StringBuilder xml) {
    xml.append('<').append(node.name());
    if (node.name().equals("Grantee")) {
      xml.append(" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"")
          .append(granteeType(node))
          .append('"');
    }
    xml.append('>');
    if (node.children().isEmpty()) {
      escape(node.text(), xml);
    } else {
      node.children().forEach(child -> write(child, xml));
    }
    xml.append("</").append(node.name()).append('>');
  }

  private static String granteeType(ConfigNode grantee) {
    if (grantee.child("URI").isPresent()) {
      return "Group";
    }
    return grantee.child("EmailAddress").isPresent() ? "AmazonCustomerByEmail" : "CanonicalUser";
  }

  private static void escape(String text, StringBuilder xml) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '<' -> xml.append("&lt;");
        case '>' -> xml.append("&gt;");
        case '&' -> xml.append("&amp;");
        case '\r' -> xml.append("&#13;");
        default -> xml.append(c);
      }
    }
  }
}
