package org.vistadr.cli.demo;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;

/// What VISTA keeps in its bucket, in its key layout and the same for the same seed: photographs of
/// projects, results of analyses, thumbnails, a few large files, empty ones and keys that people
/// really use. Bytes are made when they are asked for, so memory holds some drawings only.
/// Thread-safe.
final class DemoContent {

  private static final int DRAWINGS = 120;
  private static final int PROJECTS = 120;
  private static final int IMAGES_PER_PROJECT = 6;
  private static final int MEBIBYTE = 1024 * 1024;
  private static final int[] THUMBNAIL_SIZES = {64, 128};

  private final long seed;
  private final List<byte[]> photographs = new ArrayList<>();
  private final List<byte[]> plans = new ArrayList<>();
  private final List<byte[]> thumbnails = new ArrayList<>();

  DemoContent(long seed) {
    this.seed = seed;
    for (int drawing = 0; drawing < DRAWINGS; drawing++) {
      photographs.add(DemoImages.jpeg(seed + drawing, 320, 240));
      thumbnails.add(DemoImages.jpeg(seed + drawing, 64, 48));
    }
    for (int drawing = 0; drawing < DRAWINGS / 6; drawing++) {
      plans.add(DemoImages.png(seed - drawing, 96, 96));
    }
  }

  /// Every object. A key does not depend on the order.
  List<Item> items() {
    Random random = new Random(seed);
    List<Item> items = new ArrayList<>();
    for (int number = 0; number < PROJECTS; number++) {
      project(items, id(random), random);
    }
    large(items, id(random));
    odd(items, id(random));
    return items;
  }

  private void project(List<Item> items, String project, Random random) {
    String folder = "projects/" + project + "/";
    for (int number = 0; number < IMAGES_PER_PROJECT; number++) {
      String image = id(random);
      int drawing = random.nextInt(DRAWINGS);
      boolean plan = number == 0;
      String file = folder + (plan ? "floor-plan.png" : "image-%02d.jpg".formatted(number));
      byte[] picture = plan ? plans.get(drawing % plans.size()) : photographs.get(drawing);
      items.add(
          new Item(
              file, plan ? "image/png" : "image/jpeg", () -> DemoImages.signed(picture, image)));
      for (int size : THUMBNAIL_SIZES) {
        byte[] small = thumbnails.get(drawing);
        items.add(
            new Item(
                "thumbnails/%s_%d.jpg".formatted(image, size),
                "image/jpeg",
                () -> DemoImages.signed(small, image + size)));
      }
    }
    String analysis = id(random);
    long start = random.nextLong();
    items.add(json("ml_outputs/" + analysis + "/labels.json", project, start));
    items.add(
        new Item(
            "ml_outputs/" + analysis + "/embedding.npy",
            "application/octet-stream",
            () -> array(start, 2_048)));
  }

  private void large(List<Item> items, String analysis) {
    int[] sizes = {24, 12, 9};
    for (int number = 0; number < sizes.length; number++) {
      int floats = sizes[number] * MEBIBYTE / Float.BYTES;
      long start = seed + number;
      items.add(
          new Item(
              "ml_outputs/%s/features-%dM.npy".formatted(analysis, sizes[number]),
              "application/octet-stream",
              () -> array(start, floats)));
    }
  }

  // What people call their files. Keys that the embedded server cannot hold are left out.
  private void odd(List<Item> items, String project) {
    String folder = "projects/" + project + "/";
    for (String name :
        List.of(
            "notes.txt",
            "site visit, 2nd floor.jpg",
            "größe & maß.jpg",
            "50% done+final.jpg",
            "写真.jpg",
            "it's \"quoted\".jpg",
            "a=b;c@d.jpg",
            "Übersicht (alt)/été.jpg")) {
      boolean empty = name.endsWith(".txt");
      byte[] picture = photographs.get(items.size() % DRAWINGS);
      items.add(
          new Item(
              folder + name,
              empty ? "text/plain" : "image/jpeg",
              () -> empty ? new byte[0] : DemoImages.signed(picture, name)));
    }
    items.add(new Item("ml_outputs/" + project + "/DONE", "text/plain", () -> new byte[0]));
  }

  /// A new photograph for an existing key.
  byte[] otherPhotograph(int number, String text) {
    return DemoImages.signed(photographs.get(number % DRAWINGS), text);
  }

  private static Item json(String key, String project, long start) {
    return new Item(
        key,
        "application/json",
        () -> {
          Random random = new Random(start);
          StringBuilder text =
              new StringBuilder("{\"project\": \"" + project + "\", \"labels\": [");
          for (int label = 0; label < 12; label++) {
            text.append(label == 0 ? "" : ", ")
                .append(
                    "{\"label\": \"room-%d\", \"score\": %.4f}"
                        .formatted(label, random.nextDouble()));
          }
          return text.append("]}\n").toString().getBytes(StandardCharsets.UTF_8);
        });
  }

  /// The array as numpy writes it.
  private static byte[] array(long start, int length) {
    String shape = "{'descr': '<f4', 'fortran_order': False, 'shape': (%d,), }".formatted(length);
    int header = (10 + shape.length() + 1 + 63) / 64 * 64;
    ByteBuffer bytes =
        ByteBuffer.allocate(header + length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes
        .put((byte) 0x93)
        .put("NUMPY".getBytes(StandardCharsets.US_ASCII))
        .put((byte) 1)
        .put((byte) 0);
    bytes.putShort((short) (header - 10));
    bytes.put(shape.getBytes(StandardCharsets.US_ASCII));
    while (bytes.position() < header - 1) {
      bytes.put((byte) ' ');
    }
    bytes.put((byte) '\n');
    Random random = new Random(start);
    for (int number = 0; number < length; number++) {
      bytes.putFloat(random.nextFloat());
    }
    return bytes.array();
  }

  private static String id(Random random) {
    return new UUID(random.nextLong(), random.nextLong()).toString();
  }

  /// @param key where
  /// @param contentType what
  /// @param bytes made anew at each call, always the same
  record Item(String key, String contentType, Supplier<byte[]> bytes) {}
}
