/// What keeps the copies from being destroyed by what happens at the primary.
@NullMarked
package org.vistadr.protect;

import org.jspecify.annotations.NullMarked;
