package org.vistadr.storage.listing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vistadr.model.Entry;
import org.vistadr.model.ListedVersion;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.VersionId;
import org.vistadr.storage.ListingPage;
import org.vistadr.storage.ListingRequest;
import org.vistadr.storage.ListingRequest.Position;

/// Listings as bytes: what is read of honest ones, and that each kind of lying one is refused.
class ListingReaderTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private static final String VERSIONS =
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <ListVersionsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
        <Name>b</Name><Prefix/><KeyMarker/><VersionIdMarker/><MaxKeys>1000</MaxKeys>
        <IsTruncated>false</IsTruncated>%s</ListVersionsResult>
      """;

  private static final String OBJECTS =
      "<ListBucketResult><Name>b</Name><IsTruncated>false</IsTruncated>%s</ListBucketResult>";

  private static ListingPage versions(String xml, Position from) throws UnprovedAnswer {
    byte[] bytes = xml.getBytes(UTF_8);
    return ListingReader.versions(
        bytes, bytes.length, "b", new ListingRequest("", from, 1000), NOW);
  }

  private static ListingPage objects(String xml, Position from) throws UnprovedAnswer {
    byte[] bytes = xml.getBytes(UTF_8);
    return ListingReader.objects(bytes, bytes.length, "b", new ListingRequest("", from, 1000), NOW);
  }

  private static String version(String key, String id) {
    return """
    <Version><Key>%s</Key><VersionId>%s</VersionId><IsLatest>true</IsLatest>
    <LastModified>2026-01-01T00:00:00.123Z</LastModified><ETag>&quot;e&quot;</ETag><Size>3</Size>
    <Owner><ID>x</ID></Owner></Version>\
    """
        .formatted(key, id);
  }

  private static String marker(String key, String id) {
    return """
    <DeleteMarker><Key>%s</Key><VersionId>%s</VersionId><IsLatest>false</IsLatest>
    <LastModified>2026-01-01T00:00:00Z</LastModified></DeleteMarker>\
    """
        .formatted(key, id);
  }

  private static String object(String key) {
    return """
    <Contents><Key>%s</Key><LastModified>2026-01-01T00:00:00Z</LastModified><ETag>"e"</ETag>
    <Size>1</Size></Contents>\
    """
        .formatted(key);
  }

  private static String truncated(String xml, String more) {
    return xml.replace(
        "<IsTruncated>false</IsTruncated>", "<IsTruncated>true</IsTruncated>" + more);
  }

  private static void refused(String xml, Position from, String why) {
    assertThatExceptionOfType(UnprovedAnswer.class)
        .isThrownBy(() -> versions(xml, from))
        .withMessageContaining(why);
  }

  @Test
  void versionsAndMarkersKeepTheirOrder() throws Exception {
    ListingPage page =
        versions(
            VERSIONS.formatted(
                version("a", "5")
                    + version("a", "4")
                    + marker("a", "3")
                    + version("a", "2")
                    + marker("a", "1")
                    + version("b", "9")),
            Position.BEGINNING);
    assertThat(page.entries())
        .extracting(v -> v.versionId().value())
        .containsExactly("5", "4", "3", "2", "1", "9");
    assertThat(page.entries())
        .extracting(v -> v.entry() instanceof Entry.DeleteMarker)
        .containsExactly(false, false, true, false, true, false);
    assertThat(page.entries().getFirst())
        .isEqualTo(
            new ListedVersion(
                new ObjectKey("a"),
                new VersionId("5"),
                Instant.parse("2026-01-01T00:00:00.123Z"),
                true,
                new Entry.Content("e", 3, "STANDARD")));
    assertThat(page.next()).isEmpty();
    assertThat(page.serverTime()).isEqualTo(NOW);
  }

  @Test
  void keysAreDecodedExactlyOnce() throws Exception {
    String encoded =
        OBJECTS
            .replace("<Name>", "<EncodingType>url</EncodingType><Name>")
            .formatted(object("a+b%2Bc%2541/%E6%97%A5"));
    assertThat(objects(encoded, Position.BEGINNING).entries().getFirst().key().value())
        .isEqualTo("a b+c%41/日");
    assertThat(
            objects(OBJECTS.formatted(object("a+b%2Bc")), Position.BEGINNING)
                .entries()
                .getFirst()
                .key()
                .value())
        .as("a provider that ignored the encoding type")
        .isEqualTo("a+b%2Bc");
    assertThat(
            objects(OBJECTS.formatted(object("&lt;a&amp;amp;&#x1;&#13;&#10;>")), Position.BEGINNING)
                .entries()
                .getFirst()
                .key()
                .value())
        .isEqualTo("<a&amp;\u0001\r\n>");
    assertThatExceptionOfType(UnprovedAnswer.class)
        .isThrownBy(() -> objects(encoded.replace("%E6%97%A5", "%E6%97"), Position.BEGINNING));
    assertThatExceptionOfType(UnprovedAnswer.class)
        .isThrownBy(() -> objects(encoded.replace("%E6%97%A5", "%zz"), Position.BEGINNING));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "<!DOCTYPE html><html><body>hello</body></html>",
        "<html><body>hello</body></html>",
        "<ListAllMyBucketsResult><Name>b</Name><IsTruncated>false</IsTruncated></ListAllMyBucketsResult>",
        "<ListBucketResult><Name>b</Name><IsTruncated>false</IsTruncated></ListBucketResult>",
        "{\"Name\":\"b\"}",
        "<ListVersionsResult/>",
        "<ListVersionsResult><Name>b</Name></ListVersionsResult>",
        "<ListVersionsResult><IsTruncated>false</IsTruncated></ListVersionsResult>",
        "<ListVersionsResult><Name>c</Name><IsTruncated>false</IsTruncated></ListVersionsResult>",
        "<ListVersionsResult><Name>b</Name><IsTruncated>no</IsTruncated></ListVersionsResult>",
        "<ListVersionsResult><Name>b</Name><IsTruncated>false</IsTruncated></ListVersionsResult><x/>",
        "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><ListVersionsResult><Name>&x;</Name></ListVersionsResult>",
        "<ListVersionsResult><Name>b</Name><IsTruncated>false</IsTruncated><Version><Key>&x;</Key></Version></ListVersionsResult>",
        "<ListVersionsResult><Name>b</Name><IsTruncated>false</IsTruncated><Version><Key>k</Key></Version></ListVersionsResult>",
        "<ListVersionsResult><Name>b</Name><Name>b</Name><IsTruncated>false</IsTruncated></ListVersionsResult>",
        "<?xml version=\"1.0\" encoding=\"UTF-16\"?><ListVersionsResult><Name>b</Name><IsTruncated>false</IsTruncated></ListVersionsResult>"
      })
  void whatIsNoProvedListingIsRefused(String xml) {
    refused(xml, Position.BEGINNING, "");
  }

  @Test
  void aListingCutAnywhereIsRefused() throws Exception {
    String whole =
        VERSIONS.formatted(version("a", "1") + marker("b", "2") + version("c", "3")).strip();
    assertThat(versions(whole, Position.BEGINNING).entries()).hasSize(3);
    byte[] bytes = whole.getBytes(UTF_8);
    for (int i = 0; i < bytes.length; i++) {
      int length = i;
      assertThatExceptionOfType(UnprovedAnswer.class)
          .as("cut after %d bytes", length)
          .isThrownBy(() -> ListingReader.versions(bytes, length, "b", ListingRequest.ALL, NOW));
    }
  }

  @Test
  void bytesThatAreNoUtf8AreRefused() {
    byte[] bytes = OBJECTS.formatted(object("k@")).getBytes(UTF_8);
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '@') {
        bytes[i] = (byte) 0xC3;
      }
    }
    assertThatExceptionOfType(UnprovedAnswer.class)
        .isThrownBy(() -> ListingReader.objects(bytes, bytes.length, "b", ListingRequest.ALL, NOW));
  }

  @Test
  void keysOutOfOrderAreRefused() {
    refused(
        VERSIONS.formatted(version("b", "1") + version("a", "2")),
        Position.BEGINNING,
        "out of order");
    refused(
        VERSIONS.formatted(version("🎉", "1") + version("\uff61", "2")),
        Position.BEGINNING,
        "out of order");
    assertThatExceptionOfType(UnprovedAnswer.class)
        .isThrownBy(
            () -> objects(OBJECTS.formatted(object("a") + object("a")), Position.BEGINNING));
  }

  @Test
  void aKeyOutsideThePrefixIsRefused() {
    byte[] bytes = OBJECTS.formatted(object("a")).getBytes(UTF_8);
    assertThatExceptionOfType(UnprovedAnswer.class)
        .isThrownBy(() ->
            ListingReader.objects(
                bytes, bytes.length, "b", new ListingRequest("x/", Position.BEGINNING, 1000), NOW));
  }

  @Test
  void truncatedWithoutAPlaceToGoOnIsRefused() {
    refused(truncated(VERSIONS.formatted(version("a", "1")), ""), Position.BEGINNING, "marker");
    assertThatExceptionOfType(UnprovedAnswer.class)
        .isThrownBy(
            () -> objects(truncated(OBJECTS.formatted(object("a")), ""), Position.BEGINNING));
    assertThatExceptionOfType(UnprovedAnswer.class)
        .isThrownBy(() ->
            objects(
                truncated(
                    OBJECTS.formatted(object("a")),
                    "<NextContinuationToken></NextContinuationToken>"),
                Position.BEGINNING));
  }

  @Test
  void aListingThatDoesNotGoForwardIsRefused() {
    String next = "<NextKeyMarker>a</NextKeyMarker><NextVersionIdMarker>1</NextVersionIdMarker>";
    refused(
        truncated(VERSIONS.formatted(""), next),
        new Position.AfterVersion(new ObjectKey("a"), new VersionId("1")),
        "forward");
    refused(
        truncated(VERSIONS.formatted(""), next),
        new Position.AfterKey(new ObjectKey("b")),
        "forward");
    refused(
        truncated(VERSIONS.formatted(version("a", "1") + version("c", "1")), next),
        Position.BEGINNING,
        "before the page's last key");
    refused(
        VERSIONS.formatted(version("a", "1")),
        new Position.AfterVersion(new ObjectKey("a"), new VersionId("1")),
        "went back");
    refused(
        VERSIONS.formatted(version("a", "1")),
        new Position.AfterKey(new ObjectKey("b")),
        "went back");
    assertThatExceptionOfType(UnprovedAnswer.class)
        .isThrownBy(() ->
            objects(
                truncated(
                    OBJECTS.formatted(object("z")),
                    "<NextContinuationToken>t</NextContinuationToken>"),
                new Position.Token("t")));
  }

  @Test
  void anEmptyPageWithATokenAndAPageOfMarkersAreFine() throws Exception {
    ListingPage empty =
        objects(
            truncated(OBJECTS.formatted(""), "<NextContinuationToken>t==</NextContinuationToken>"),
            Position.BEGINNING);
    assertThat(empty.entries()).isEmpty();
    assertThat(empty.next()).contains(new Position.Token("t=="));
    ListingPage markers =
        versions(
            truncated(
                VERSIONS.formatted(marker("a", "1") + marker("b", "2")),
                "<NextKeyMarker>b</NextKeyMarker><NextVersionIdMarker>2</NextVersionIdMarker>"),
            Position.BEGINNING);
    assertThat(markers.entries()).hasSize(2);
    assertThat(markers.next())
        .contains(new Position.AfterVersion(new ObjectKey("b"), new VersionId("2")));
  }

  @Test
  void anEntryOfTheKeyThatWasToBePassedIsDropped() throws Exception {
    ListingPage page =
        versions(
            VERSIONS.formatted(version("a", "2") + version("a", "1") + version("b", "1")),
            new Position.AfterKey(new ObjectKey("a")));
    assertThat(page.entries()).extracting(v -> v.key().value()).containsExactly("b");
  }

  @Test
  void marksOfTheProviderBehindTheKeyAreGivenBackAsTheyAre() throws Exception {
    ListingPage page =
        versions(
            truncated(
                VERSIONS.formatted(version("k", "2")),
                "<NextKeyMarker>k[minio_cache:v2,return:]</NextKeyMarker>"
                    + "<NextVersionIdMarker>2</NextVersionIdMarker>"),
            Position.BEGINNING);
    Position.Marker marker =
        new Position.Marker(
            "k[minio_cache:v2,return:]",
            Optional.of("2"),
            new Position.AfterVersion(new ObjectKey("k"), new VersionId("2")));
    assertThat(page.next()).contains(marker);
    assertThatThrownBy(() -> versions(VERSIONS.formatted(version("j", "1")), marker))
        .hasMessageContaining("the listing went back");
  }
}
