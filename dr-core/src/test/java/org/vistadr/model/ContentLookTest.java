package org.vistadr.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.vistadr.model.ContentLook.Texture;

/// What the first bytes of objects are taken for, and what counts as hidden.
class ContentLookTest {

  private static final SplittableRandom RANDOM = new SplittableRandom(7);
  private static final ContentLook JPEG = look(start(0xFF, 0xD8, 0xFF, 0xE0));
  private static final ContentLook NOISE = look(noise(4096));
  private static final ContentLook TEXT = look(text(3000));

  @Test
  void kindsOfFilesAreRecognisedByTheirSignatures() {
    assertThat(JPEG.kind()).isEqualTo(ContentKind.JPEG);
    assertThat(look(start(0x89, 'P', 'N', 'G', 13, 10, 26, 10)).kind()).isEqualTo(ContentKind.PNG);
    assertThat(look(start('R', 'I', 'F', 'F')).kind()).isEqualTo(ContentKind.RIFF);
    assertThat(look(at(128, "DICM")).kind()).isEqualTo(ContentKind.DICOM);
    assertThat(look(at(4, "ftypavif")).kind()).isEqualTo(ContentKind.ISO_MEDIA);
    assertThat(look(at(257, "ustar")).kind()).isEqualTo(ContentKind.ARCHIVE);
    assertThat(TEXT.kind()).isEqualTo(ContentKind.TEXT);
    assertThat(look("grün, 緑".getBytes(StandardCharsets.UTF_8)).kind()).isEqualTo(ContentKind.TEXT);
    assertThat(look(at(0, "Salted__")).kind()).isEqualTo(ContentKind.ENCRYPTED);
    assertThat(look(new byte[0])).hasToString("unrecognised");
  }

  @Test
  void noiseIsToldFromEverythingElseWhateverItsLength() {
    for (int size : new int[] {128, 300, 1024, 4096}) {
      for (int i = 0; i < 2000; i++) {
        assertThat(look(noise(size)).texture()).isEqualTo(Texture.NOISE);
      }
    }
    assertThat(look(new byte[4096]))
        .isEqualTo(new ContentLook(ContentKind.UNRECOGNISED, Texture.ORDERED));
    byte[] records = new byte[1024];
    for (int i = 0; i < records.length; i++) {
      records[i] = (byte) (i % 8 == 0 ? i : RANDOM.nextInt(64));
    }
    assertThat(look(records).texture()).isEqualTo(Texture.ORDERED);
    assertThat(look(noise(100)).texture()).isEqualTo(Texture.UNTOLD);
  }

  @Test
  void onlyWhatEncryptionLeavesBehindIsHidden() throws Exception {
    ContentLook zeros = look(new byte[4096]);
    ContentLook zip = look(start('P', 'K', 3, 4, 20, 0, 0, 0));
    ContentLook zipWithPassword = look(start('P', 'K', 3, 4, 20, 0, 1, 0));
    assertThat(NOISE.hides(JPEG)).isTrue();
    assertThat(NOISE.hides(TEXT)).isTrue();
    assertThat(NOISE.hides(zeros)).isTrue();
    assertThat(NOISE.hides(NOISE)).isFalse();
    assertThat(zeros.hides(JPEG)).isTrue();
    assertThat(zeros.hides(TEXT)).isFalse();
    assertThat(look(new byte[0]).hides(JPEG)).isTrue();
    assertThat(look(start('R', 'I', 'F', 'F')).hides(JPEG)).isFalse();
    assertThat(TEXT.hides(JPEG)).isFalse();
    assertThat(look(gzip(text(100_000))).hides(TEXT)).isFalse();
    assertThat(zip.hides(JPEG)).isFalse();
    assertThat(zipWithPassword.hides(JPEG)).isTrue();
    assertThat(zipWithPassword.hides(zipWithPassword)).isFalse();
    assertThat(NOISE.hides(zipWithPassword)).isFalse();
  }

  @Test
  void aLookIsKeptAsANumber() {
    for (ContentKind kind : ContentKind.values()) {
      for (Texture texture : Texture.values()) {
        ContentLook look = new ContentLook(kind, texture);
        assertThat(ContentLook.ofCode(look.code())).isEqualTo(look);
      }
    }
    assertThat(Arrays.stream(ContentKind.values()).map(ContentKind::code)).doesNotHaveDuplicates();
    assertThat(ContentLook.ofCode(999 * 4).kind()).isEqualTo(ContentKind.UNRECOGNISED);
  }

  @Test
  void onlyKeysThatSomebodyCanTakeAwayAreAnotherKey() {
    Optional<String> none = Optional.empty();
    Optional<String> store = KeyShift.named(Optional.of("AES256"), none, none);
    Optional<String> ours = KeyShift.named(Optional.of("aws:kms"), Optional.of("key-1"), none);
    Optional<String> theirs = KeyShift.named(Optional.of("aws:kms"), Optional.of("key-2"), none);
    Optional<String> customer = KeyShift.named(none, none, Optional.of("AES256"));
    assertThat(ours).contains("aws:kms key-1");
    assertThat(KeyShift.shifted(ours, theirs)).isTrue();
    assertThat(KeyShift.shifted(none, theirs)).isTrue();
    assertThat(KeyShift.shifted(store, customer)).isTrue();
    assertThat(KeyShift.shifted(ours, ours)).isFalse();
    assertThat(KeyShift.shifted(ours, store)).isFalse();
    assertThat(KeyShift.shifted(store, none)).isFalse();
    assertThat(KeyShift.shifted(none, store)).isFalse();
  }

  private static ContentLook look(byte[] data) {
    return ContentLook.of(data, 0, data.length);
  }

  private static byte[] start(int... first) {
    byte[] data = noise(2000);
    for (int i = 0; i < first.length; i++) {
      data[i] = (byte) first[i];
    }
    return data;
  }

  private static byte[] at(int offset, String signature) {
    byte[] data = new byte[1200];
    byte[] bytes = signature.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, data, offset, bytes.length);
    return data;
  }

  private static byte[] noise(int size) {
    byte[] data = new byte[size];
    RANDOM.nextBytes(data);
    return data;
  }

  private static byte[] text(int size) {
    String words = "{\"annotation\": [12, 17, 40, 3], \"label\": \"cell %d\"}\n";
    return words
        .repeat(size / words.length() + 1)
        .substring(0, size)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] gzip(byte[] data) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(data);
    }
    return bytes.toByteArray();
  }
}
