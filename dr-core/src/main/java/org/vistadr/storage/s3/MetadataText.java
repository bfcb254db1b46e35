package org.vistadr.storage.s3;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// User metadata that is not ASCII travels as RFC 2047 encoded words: S3 and MinIO answer with them
/// whatever was sent, and several servers compute another signature over raw bytes. Inside,
/// metadata is plain text. Pure.
final class MetadataText {

  private static final Pattern WORD =
      Pattern.compile("=\\?([A-Za-z0-9._-]+)(?:\\*[^?]*)?\\?([bBqQ])\\?([^? ]*)\\?=");

  private MetadataText() {}

  /// The header's value; texts of printable ASCII stay as they are.
  static String encoded(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x20 || c > 0x7E) {
        return "=?UTF-8?B?"
            + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))
            + "?=";
      }
    }
    return text;
  }

  /// The text of a header's value; what is no valid encoded word stays as it is.
  static String decoded(String value) {
    if (!value.contains("=?")) {
      return value;
    }
    Matcher word = WORD.matcher(value);
    StringBuilder text = new StringBuilder();
    ByteArrayOutputStream run = new ByteArrayOutputStream();
    Charset charset = StandardCharsets.UTF_8;
    int end = 0;
    try {
      while (word.find()) {
        String between = value.substring(end, word.start());
        Charset next = Charset.forName(word.group(1));
        // White space between two words is none of the text, and a character may be split over
        // them.
        if (end == 0 || !between.isBlank() || !next.equals(charset)) {
          text.append(text(run, charset)).append(between);
        }
        charset = next;
        run.writeBytes(
            word.group(2).equalsIgnoreCase("B")
                ? Base64.getDecoder().decode(word.group(3))
                : quoted(word.group(3)));
        end = word.end();
      }
      return text.append(text(run, charset)).append(value, end, value.length()).toString();
    } catch (IllegalArgumentException | CharacterCodingException _) {
      return value;
    }
  }

  private static String text(ByteArrayOutputStream run, Charset charset)
      throws CharacterCodingException {
    String text = charset.newDecoder().decode(ByteBuffer.wrap(run.toByteArray())).toString();
    run.reset();
    return text;
  }

  private static byte[] quoted(String word) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      if (c == '_') {
        bytes.write(' ');
      } else if (c == '=' && i + 2 < word.length()) {
        bytes.write(Integer.parseInt(word.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        bytes.write(c);
      }
    }
    return bytes.toByteArray();
  }
}
