/// Moving the bytes of an object from one bucket to another, and proving that they arrived.
@NullMarked
package org.vistadr.storage.transfer;

import org.jspecify.annotations.NullMarked;
