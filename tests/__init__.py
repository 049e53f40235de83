"""The tests mirror the rooms: tests/{reception,db,kiosk,desk,printing,systemd,browser,crash}."""
