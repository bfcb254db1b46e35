package org.vistadr.server.resources;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// A route whose success is written into the audit log. Every route that changes something has it,
/// unless what it calls writes there itself.
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface Audited {
  /// The action's stable word; empty when what the route calls writes its own event.
  String value();
}
