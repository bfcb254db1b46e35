package org.vistadr.api;

import java.util.List;

/// `POST /api/v1/tasks/{task}/run` and `POST /api/v1/secondaries/{s}/sync`: 202.
///
/// @param runs tasks that were started, in order
public record SyncRequested(List<String> runs) {}
