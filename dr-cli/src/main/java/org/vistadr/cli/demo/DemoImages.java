package org.vistadr.cli.demo;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;

/// Real images, drawn from a seed and written by the JDK's own encoders. Without text: fonts are
/// missing on many servers. A signature makes copies of one drawing differ, inside of what the
/// format allows. Thread-safe.
final class DemoImages {

  static {
    System.setProperty("java.awt.headless", "true");
    ImageIO.setUseCache(false);
  }

  private DemoImages() {}

  /// A JPEG of a scene.
  static byte[] jpeg(long seed, int width, int height) {
    return encoded(drawing(seed, width, height), "jpg");
  }

  /// A PNG of a scene.
  static byte[] png(long seed, int width, int height) {
    return encoded(drawing(seed, width, height), "png");
  }

  /// The same picture in a file of its own: the text goes into a comment.
  static byte[] signed(byte[] image, String text) {
    byte[] words = text.getBytes(StandardCharsets.UTF_8);
    boolean jpeg = image[0] == (byte) 0xff;
    // Behind JPEG's start marker, or behind PNG's header chunk.
    int at = jpeg ? 2 : 33;
    byte[] comment = jpeg ? jpegComment(words) : pngText(words);
    return ByteBuffer.allocate(image.length + comment.length)
        .put(image, 0, at)
        .put(comment)
        .put(image, at, image.length - at)
        .array();
  }

  private static byte[] jpegComment(byte[] words) {
    return ByteBuffer.allocate(4 + words.length)
        .putShort((short) 0xfffe)
        .putShort((short) (2 + words.length))
        .put(words)
        .array();
  }

  private static byte[] pngText(byte[] words) {
    byte[] keyword = "Comment\0".getBytes(StandardCharsets.ISO_8859_1);
    byte[] typed =
        ByteBuffer.allocate(4 + keyword.length + words.length)
            .put("tEXt".getBytes(StandardCharsets.ISO_8859_1))
            .put(keyword)
            .put(words)
            .array();
    CRC32 checksum = new CRC32();
    checksum.update(typed);
    return ByteBuffer.allocate(8 + typed.length)
        .putInt(typed.length - 4)
        .put(typed)
        .putInt((int) checksum.getValue())
        .array();
  }

  private static BufferedImage drawing(long seed, int width, int height) {
    Random random = new Random(seed);
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    try {
      graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      graphics.setPaint(new GradientPaint(0, 0, colour(random), width, height, colour(random)));
      graphics.fillRect(0, 0, width, height);
      for (int shape = 0; shape < 24; shape++) {
        graphics.setColor(colour(random));
        double size = (0.05 + 0.3 * random.nextDouble()) * Math.min(width, height);
        double x = random.nextDouble() * width;
        double y = random.nextDouble() * height;
        if (shape % 3 == 0) {
          graphics.setStroke(new BasicStroke((float) (size / 12)));
          graphics.drawLine((int) x, (int) y, random.nextInt(width), random.nextInt(height));
        } else {
          graphics.fill(new Ellipse2D.Double(x - size / 2, y - size / 2, size, size));
        }
      }
    } finally {
      graphics.dispose();
    }
    return image;
  }

  private static Color colour(Random random) {
    return Color.getHSBColor(random.nextFloat(), 0.4f + 0.5f * random.nextFloat(), 0.9f);
  }

  private static byte[] encoded(BufferedImage image, String format) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      if (!ImageIO.write(image, format, bytes)) {
        throw new IllegalStateException("this Java cannot write " + format);
      }
      return bytes.toByteArray();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }
}
