/// Starts embedded S3 servers as child processes, for the demo and for tests.
@NullMarked
package org.vistadr.embedded;

import org.jspecify.annotations.NullMarked;
