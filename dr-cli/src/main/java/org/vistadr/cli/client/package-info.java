/// The daemon's HTTP API as the command line uses it.
@NullMarked
package org.vistadr.cli.client;

import org.jspecify.annotations.NullMarked;
