/// The nouns of VISTA DR as records and sealed types, and the pure rules over them. Imports the JDK
/// only.
@NullMarked
package org.vistadr.model;

import org.jspecify.annotations.NullMarked;
