package org.vistadr.restore.view;

import java.util.Optional;
import org.vistadr.model.ObjectKey;

/// One key that a cursor read, so that whoever pages can stop after so many keys and go on behind
/// this one.
///
/// @param key the key
/// @param entry what the cursor shows of it; empty when it shows nothing
public record Step<E>(ObjectKey key, Optional<E> entry) {}
