package org.vistadr.api;

import java.util.Optional;

/// `POST /api/v1/restores`: apply a plan.
///
/// @param planId the plan
/// @param confirm `yes`, or the bucket's name where the plan asks for it
public record RestoreRequest(String planId, Optional<String> confirm) {

  /// `POST /api/v1/restores/{id}/resume`
  ///
  /// @param bandwidth the most that is written from now on, `40 MiB/s` or `200 Mbit/s`, or
  ///   `unlimited`; absent leaves it as it is
  public record Resume(Optional<String> bandwidth) {}

  /// `POST /api/v1/restores/{id}/retry`
  ///
  /// @param failedOnly whether skipped objects stay as they are
  /// @param confirm `yes` where skipped objects are to be written over
  public record Retry(boolean failedOnly, Optional<String> confirm) {}
}
