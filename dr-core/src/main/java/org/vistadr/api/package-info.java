/// Wire records shared by the daemon and the CLI. Field names are the JSON names; additive changes
/// only.
@NullMarked
package org.vistadr.api;

import org.jspecify.annotations.NullMarked;
