#!/usr/bin/env python3
"""Publishes one message over MQTT over WebSocket:  mqtt_over_web.py HOST PORT USER PASSWORD"""
import sys

from paho.mqtt import client

host, port, user, password = sys.argv[1:]
options = {"transport": "websockets", "client_id": "greenhouse"}
if hasattr(client, "CallbackAPIVersion"):  # from paho 2.0
    options["callback_api_version"] = client.CallbackAPIVersion.VERSION2
publisher = client.Client(**options)
publisher.username_pw_set(user, password)
publisher.connect(host, int(port))
publisher.loop_start()
publisher.publish("shed/temperature", "12", qos=1).wait_for_publish(5)
publisher.disconnect()
publisher.loop_stop()
