package org.conurb.outbound;

/** Versions of MQTT that are spoken (OASIS). */
public enum MqttVersion {
    V3_1_1,
    V5
}
