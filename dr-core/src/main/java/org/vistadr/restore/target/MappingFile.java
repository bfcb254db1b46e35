package org.vistadr.restore.target;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.vistadr.catalog.AttributesJson;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.Sha256;

/// The file of a target directory that tells what each object was: one JSON object a line, with
/// key, path, size, hash, version, time, headers, metadata and tags. Lines are added only; the last
/// one of a key counts. A line is on the disk when [#add] returns; threads that add at the same
/// time share one write. Safe for use by many threads.
final class MappingFile {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final Object disk = new Object();
  private final StringBuilder waiting = new StringBuilder();
  private long added;
  private long durable;
  private boolean whole;

  MappingFile(Path file) {
    this.file = file;
  }

  /// Adds an object.
  ///
  /// @param path relative to the directory
  void add(String path, RecordedVersion version, Sha256 sha256, ObjectAttributes attributes)
      throws IOException {
    var line = line(path, version, sha256, attributes);
    long mine;
    synchronized (waiting) {
      waiting.append(line).append('\n');
      added++;
      mine = added;
    }
    synchronized (disk) {
      if (durable >= mine) {
        return;
      }
      String lines;
      long last;
      synchronized (waiting) {
        lines = waiting.toString();
        waiting.setLength(0);
        last = added;
      }
      append(lines);
      durable = last;
    }
  }

  private void append(String lines) throws IOException {
    try (var channel =
        FileChannel.open(
            file,
            Set.of(
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.APPEND,
                LinkOption.NOFOLLOW_LINKS))) {
      // What ran before may have been killed in the middle of a line.
      boolean torn = !whole && channel.size() > 0;
      var bytes = ByteBuffer.wrap(((torn ? "\n" : "") + lines).getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
      whole = true;
    }
  }

  private static String line(
      String path, RecordedVersion version, Sha256 sha256, ObjectAttributes attributes)
      throws JsonProcessingException {
    var line = JSON.createObjectNode();
    line.put("key", version.key().value());
    line.put("path", path);
    line.put("size", version.entry().bytes());
    line.put("sha256", sha256.hex());
    line.put("version", version.versionId().value());
    line.put("lastModified", version.lastModified().toString());
    line.set("attributes", JSON.readTree(AttributesJson.write(attributes)));
    return line.toString();
  }
}
