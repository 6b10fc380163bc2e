"""Cases: what a person must look at, from the alarm that opens one to the decision and the clearance."""
