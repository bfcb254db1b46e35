package org.vistadr.model;

/// Why the brake was engaged.
///
/// @param suspicion what it looks like
/// @param detail one sentence with the numbers
public record BrakeReason(Suspicion suspicion, String detail) {}
