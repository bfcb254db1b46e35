/// What the command line writes: tables, sizes, times, progress, errors and exit codes. Pure text
/// from values; only [org.vistadr.cli.output.Terminal] touches streams.
@NullMarked
package org.vistadr.cli.output;

import org.jspecify.annotations.NullMarked;
