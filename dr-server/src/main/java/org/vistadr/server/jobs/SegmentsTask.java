package org.vistadr.server.jobs;

import java.util.LinkedHashMap;
import java.util.Map;
import org.vistadr.catalog.RunLog;
import org.vistadr.model.SiteName;
import org.vistadr.segments.ForeignChainException;
import org.vistadr.segments.SegmentWriter;
import org.vistadr.server.engine.Hints;
import org.vistadr.storage.StorageException;

/// Tells one secondary what is new in the catalog.
///
/// @param writer does it
public record SegmentsTask(SegmentWriter writer) implements Task {

  /// The task of a secondary.
  public static String nameFor(SiteName secondary) {
    return "segments-" + secondary;
  }

  @Override
  public String name() {
    return nameFor(writer.secondary());
  }

  @Override
  public Outcome run() {
    try {
      SegmentWriter.Written written = writer.write();
      Map<String, Long> counters = new LinkedHashMap<>();
      counters.put("segments", written.segments());
      counters.put("bytes", written.bytes());
      counters.put("removed", written.removed());
      return new Outcome(RunLog.Result.SUCCEEDED, counters, "");
    } catch (StorageException e) {
      return new Outcome(
          RunLog.Result.FAILED, Map.of(), "%s; %s".formatted(e.getMessage(), Hints.of(e)));
    } catch (ForeignChainException e) {
      return new Outcome(
          RunLog.Result.FAILED, Map.of(), String.valueOf(e.getMessage()).replace("\nHINT: ", "; "));
    }
  }
}
