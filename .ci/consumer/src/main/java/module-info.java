module consumer {
    requires dev.stillpoint;
    requires dev.stillpoint.law;
    requires dev.stillpoint.zoo;
}
