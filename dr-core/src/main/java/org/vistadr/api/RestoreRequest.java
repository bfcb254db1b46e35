package org.vistadr.api;

import java.util.Optional;

/// `POST /api/v1/restores`: apply a plan.
///
/// @param planId the plan
/// @param confirm `yes`, or the bucket's name where the plan asks for it
public record RestoreRequest(String planId, Optional<String> confirm) {}
