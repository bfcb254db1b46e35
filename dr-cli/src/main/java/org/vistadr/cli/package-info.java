/// The command `vistadr`: commands, output and exit codes.
@NullMarked
package org.vistadr.cli;

import org.jspecify.annotations.NullMarked;
