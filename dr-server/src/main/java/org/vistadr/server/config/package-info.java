/// The configuration file: its records, how it is read, and the sites that follow from it.
@NullMarked
package org.vistadr.server.config;

import org.jspecify.annotations.NullMarked;
