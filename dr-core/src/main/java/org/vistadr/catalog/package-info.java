/// The append-only record of every version seen and where its bytes are. All SQL of the project
/// lives here.
@NullMarked
package org.vistadr.catalog;

import org.jspecify.annotations.NullMarked;
