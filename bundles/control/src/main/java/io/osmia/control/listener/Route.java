package io.osmia.control.listener;

/** Which manager answers a call (rule 8.8.1). */
enum Route {
    /** The one that is asked, whoever leads. */
    HERE,
    /** The one that is asked, from its own copy of the state. */
    READ,
    /** The one that leads: the asked one passes the call on unless it leads itself. */
    LEADER;

    /** Where a method of the Control service goes. */
    static Route ofControl(String method) {
        return isRead(method) ? READ : LEADER;
    }

    /** Whether making the call twice does no more than making it once. */
    static boolean isRead(String method) {
        return method.startsWith("Get") || method.startsWith("List") || method.equals("NodeCertificateStatus");
    }
}
