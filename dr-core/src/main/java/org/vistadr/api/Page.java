package org.vistadr.api;

import java.util.List;
import java.util.Optional;

/// A page of a list.
///
/// @param items the page
/// @param next the cursor to ask on with; absent at the end
public record Page<T>(List<T> items, Optional<String> next) {}
