package org.vistadr.server.health;

import java.util.List;
import org.vistadr.api.BrakeView;
import org.vistadr.model.BrakeReason;
import org.vistadr.model.BrakeState;
import org.vistadr.model.BucketProof;
import org.vistadr.model.SiteName;
import org.vistadr.server.config.ProtectionSection;
import org.vistadr.server.engine.Engine;

/// Tells how the brake stands, from the catalog alone.
public final class BrakeReport {

  private BrakeReport() {}

  /// How it stands now.
  public static BrakeView of(Engine engine) {
    BrakeState state = engine.brake().state();
    return new BrakeView(
        state.engaged(),
        state.engagedAt(),
        state.reasons().stream().map(BrakeReport::view).toList(),
        word(state.proof()),
        held(engine));
  }

  private static List<BrakeView.Held> held(Engine engine) {
    return engine.sites().secondaries().stream()
        .map(secondary -> secondary.site().name())
        .map((SiteName name) -> new BrakeView.Held(name.value(), engine.brake().held(name)))
        .toList();
  }

  private static BrakeView.Reason view(BrakeReason reason) {
    return new BrakeView.Reason(ProtectionSection.Brake.word(reason.suspicion()), reason.detail());
  }

  private static String word(BucketProof proof) {
    return switch (proof) {
      case MARKED -> "mark";
      case RECOGNISED -> "versions";
      case UNRECOGNISED -> "nothing";
      case ANOTHER -> "another";
    };
  }
}
