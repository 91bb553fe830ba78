"""What 負担金計算.html asks and is told: plain data; nothing of a browser is known here."""
