package org.vistadr.api;

import java.util.Optional;

/// `POST /api/v1/restores/{id}/undo`: give back what a restore replaced.
///
/// @param dryRun only plan
/// @param confirm as in [RestoreRequest]
public record UndoRequest(boolean dryRun, Optional<String> confirm) {}
