package org.vistadr.catalog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.zip.Deflater;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.ByteArrayDataType;
import org.h2.mvstore.type.LongDataType;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.vistadr.model.Sha256;

/// What a new version with one secondary would cost in other formats than the tables that
/// [WriterBenchmark] measures: recorded, and settled as durable, 500 in a transaction each, on disk
/// when it returns. A lower bound: nothing is looked up, and no totals are kept.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 3)
@Measurement(iterations = 5, time = 3)
public class FormatBenchmark {

  private static final int BATCH = 500;

  private final Path folder = Scratch.folder();
  private final MVStore store =
      new MVStore.Builder()
          .fileName(folder.resolve("maps").toString())
          .autoCommitDisabled()
          .cacheSize(16)
          .open();
  private final MVMap<Long, byte[]> versions = byId("versions");
  private final MVMap<byte[], byte[]> versionsByKey = byKey("versionsByKey");
  private final MVMap<Long, byte[]> attributes = byId("attributes");
  private final MVMap<Long, byte[]> queue = byId("queue");
  private final MVMap<byte[], byte[]> queueByKey = byKey("queueByKey");
  private final MVMap<Long, byte[]> replicas = byId("replicas");
  private final FileChannel file;
  private final Deflater deflater = new Deflater(1);
  private final ByteBuffer plain = ByteBuffer.allocate(1 << 20);
  private final byte[] packed = new byte[1 << 20];
  private long next;

  public FormatBenchmark() {
    try {
      file =
          FileChannel.open(
              folder.resolve("log"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private MVMap<Long, byte[]> byId(String name) {
    return store.openMap(
        name,
        new MVMap.Builder<Long, byte[]>()
            .keyType(LongDataType.INSTANCE)
            .valueType(ByteArrayDataType.INSTANCE));
  }

  private MVMap<byte[], byte[]> byKey(String name) {
    return store.openMap(
        name,
        new MVMap.Builder<byte[], byte[]>()
            .keyType(ByteArrayDataType.INSTANCE)
            .valueType(ByteArrayDataType.INSTANCE));
  }

  private static byte[] key(long number) {
    return "projects/%06d/images/scan-%010d.jpg"
        .formatted(number / 100, number)
        .getBytes(StandardCharsets.UTF_8);
  }

  /// As long as a row of the version table.
  private static byte[] row(long number) {
    return "%s %032x %032x STANDARD 4096 1767225600"
        .formatted(new String(key(number), StandardCharsets.UTF_8), number, number)
        .getBytes(StandardCharsets.UTF_8);
  }

  /// Maps of the store that is under H2's tables, with the indexes that the tables have.
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public long maps() {
    long first = next;
    for (long id = first; id < first + BATCH; id++) {
      byte[] place = ByteBuffer.allocate(Long.BYTES).putLong(id).array();
      versions.put(id, row(id));
      versionsByKey.put(key(id), place);
      queue.put(id, row(id));
      queueByKey.put(key(id), place);
    }
    store.commit();
    for (long id = first; id < first + BATCH; id++) {
      queue.remove(id);
      queueByKey.remove(key(id));
      versions.put(id, row(id));
      attributes.put(id, "{\"contentType\":\"image/jpeg\"}".getBytes(StandardCharsets.UTF_8));
      replicas.put(id, ("%032x etag".formatted(id)).getBytes(StandardCharsets.UTF_8));
    }
    store.commit();
    next += BATCH;
    return next;
  }

  /// A log of what happened, compressed and hashed as catalog segments are.
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public long log() throws IOException {
    long first = next;
    for (int pass = 0; pass < 2; pass++) {
      plain.clear();
      for (long id = first; id < first + BATCH; id++) {
        plain.putLong(id).put(row(id));
      }
      deflater.reset();
      deflater.setInput(plain.array(), 0, plain.position());
      deflater.finish();
      int length = deflater.deflate(packed);
      file.write(ByteBuffer.wrap(packed, 0, length));
      file.write(ByteBuffer.wrap(Sha256.digest(packed, 0, length).bytes()));
      file.force(false);
    }
    next += BATCH;
    return next;
  }

  @TearDown
  public void remove() throws IOException {
    store.closeImmediately();
    file.close();
    Scratch.remove(folder);
  }
}
