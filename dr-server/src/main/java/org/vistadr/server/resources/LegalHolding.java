package org.vistadr.server.resources;

import java.util.List;
import org.vistadr.model.SiteName;
import org.vistadr.server.engine.Engine;
import org.vistadr.server.jobs.LegalHoldTask;
import org.vistadr.server.jobs.Schedules;

/// Has legal holds follow what people hold.
final class LegalHolding {

  private LegalHolding() {}

  /// Secondaries where what is held gets a legal hold, by name.
  static List<String> sites(Engine engine) {
    return engine.legalHolds().sites().stream().map(SiteName::value).sorted().toList();
  }

  /// Something is held, or is not held any more.
  static void prompt(Engine engine, Schedules schedules) {
    engine.legalHolds().sites().forEach(site -> schedules.prompt(LegalHoldTask.nameFor(site)));
  }
}
